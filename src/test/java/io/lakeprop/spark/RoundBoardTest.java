package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.lakeprop.spark.Question.Part;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A part counts once, for the round of the moment, whoever brings it. */
final class RoundBoardTest {
  private static final List<Part> FIRST = List.of(new Part(0, 1, null));
  private static final List<Part> SECOND = List.of(new Part(0, 1, null));
  private static final float[] THETA = {1};

  private final RoundBoard board = new RoundBoard(Thread.currentThread());

  private static Question idle(int attempt, int task) {
    return Question.idle(0, attempt, task);
  }

  @Test
  void tasksWaitForTheFirstRoundThenForTheNext() throws InterruptedException {
    assertInstanceOf(Answer.Wait.class, board.answer(idle(0, 1)));
    board.post(THETA, 7);
    Answer.Compute compute = (Answer.Compute) board.answer(idle(0, 1));
    assertEquals(7, compute.round());
    assertSame(THETA, compute.theta());
    assertInstanceOf(Answer.Wait.class, board.answer(idle(0, 1).with(7, FIRST)));
    assertInstanceOf(Answer.Compute.class, board.answer(idle(0, 0)));
    assertSame(FIRST, board.take(0));
    board.post(THETA, 8);
    assertInstanceOf(Answer.Compute.class, board.answer(idle(0, 1)));
  }

  @Test
  void aPartThatComesTwiceCountsOnce() throws InterruptedException {
    board.post(THETA, 7);
    board.answer(idle(0, 1).with(7, FIRST));
    assertInstanceOf(Answer.Wait.class, board.answer(idle(0, 1).with(7, SECOND)));
    assertSame(FIRST, board.take(0));
    assertNull(board.take(0));
  }

  @Test
  void aPartOfAnotherRoundIsLeftOut() throws InterruptedException {
    board.answer(idle(0, 1).with(6, FIRST));
    board.post(THETA, 7);
    assertInstanceOf(Answer.Compute.class, board.answer(idle(0, 1).with(6, FIRST)));
    assertNull(board.take(0));
  }

  @Test
  void anUnfinishedRoundLeavesNothingToTheNext() throws InterruptedException {
    board.post(THETA, 7);
    board.answer(idle(0, 1).with(7, FIRST));
    board.post(THETA, 7);
    assertNull(board.take(0));
    assertInstanceOf(Answer.Compute.class, board.answer(idle(0, 1)));
  }

  @Test
  void anEarlierAttemptOfTheStageMustGo() throws InterruptedException {
    board.post(THETA, 7);
    assertInstanceOf(Answer.Compute.class, board.answer(idle(1, 0)));
    assertInstanceOf(Answer.Outdated.class, board.answer(idle(0, 1).with(7, FIRST)));
    assertNull(board.take(0));
  }

  @Test
  void allLeaveWhenItIsClosedOrItsOwnerIsGone() throws InterruptedException {
    board.post(THETA, 7);
    board.close();
    assertInstanceOf(Answer.Leave.class, board.answer(idle(0, 1)));
    Thread gone = new Thread(() -> {});
    gone.start();
    gone.join();
    assertInstanceOf(Answer.Leave.class, new RoundBoard(gone).answer(idle(0, 1)));
  }
}
