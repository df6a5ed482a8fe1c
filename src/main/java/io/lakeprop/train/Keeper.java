package io.lakeprop.train;

/** Keeps what a training has reached, so that another process can go on from there. */
public interface Keeper {
  /** Keeps nothing and never stops. */
  Keeper NONE =
      new Keeper() {
        @Override
        public void roundDone(TrainerState state, boolean last) {}

        @Override
        public boolean asksToStop() {
          return false;
        }
      };

  /**
   * After a round and the evaluation that may follow it. The state goes on changing when this
   * returns: what is to be kept must have been copied by then.
   *
   * @param last whether training ends with it
   */
  void roundDone(TrainerState state, boolean last);

  /** Whether training is to end before the next round. */
  boolean asksToStop();
}
