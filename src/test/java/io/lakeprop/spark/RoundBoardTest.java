package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A part counts once, for the round of the moment, whoever brings it. */
final class RoundBoardTest {
  private static final float[] THETA = {1};

  private final RoundBoard board = new RoundBoard(Thread.currentThread());

  private static Question asks(int attempt, int task) {
    return brings(attempt, task, RoundPart.NONE);
  }

  private static Question brings(int attempt, int task, long round) {
    return brings(attempt, task, first(round));
  }

  private static Question brings(int attempt, int task, RoundPart part) {
    return Question.read(Question.write(0, attempt, task, part, List.of()));
  }

  private static RoundPart first(long round) {
    return new RoundPart(round, 0);
  }

  private Answer.Kind answer(Question question) {
    return board.answer(question).kind();
  }

  @Test
  void tasksWaitForTheFirstRoundThenForTheNext() throws InterruptedException {
    assertEquals(Answer.Kind.WAIT, answer(asks(0, 1)));
    board.post(THETA, first(7));
    Answer answer = board.answer(asks(0, 1));
    assertEquals(Answer.Kind.COMPUTE, answer.kind());
    assertEquals(first(7), answer.part());
    assertArrayEquals(THETA, answer.theta());
    Question part = brings(0, 1, 7);
    assertEquals(Answer.Kind.WAIT, answer(part));
    assertEquals(Answer.Kind.COMPUTE, answer(asks(0, 0)));
    assertSame(part, board.take(0));
    board.post(THETA, first(8));
    assertEquals(Answer.Kind.COMPUTE, answer(asks(0, 1)));
  }

  @Test
  void aPartThatComesTwiceCountsOnce() throws InterruptedException {
    board.post(THETA, first(7));
    Question first = brings(0, 1, 7);
    board.answer(first);
    assertEquals(Answer.Kind.WAIT, answer(brings(0, 1, 7)));
    assertSame(first, board.take(0));
    assertNull(board.take(0));
  }

  @Test
  void aPartOfAnotherRoundIsLeftOut() throws InterruptedException {
    assertEquals(Answer.Kind.WAIT, answer(brings(0, 1, 0)));
    board.post(THETA, first(7));
    assertEquals(Answer.Kind.COMPUTE, answer(brings(0, 1, 6)));
    assertNull(board.take(0));
  }

  @Test
  void everyPartOfARoundIsAskedOfEveryTask() throws InterruptedException {
    board.post(THETA, first(7));
    board.answer(brings(0, 1, 7));
    RoundPart second = new RoundPart(7, 1);
    board.post(THETA, second);
    assertEquals(second, board.answer(brings(0, 1, 7)).part());
    assertNull(board.take(0), "the first part's comes too late");
    Question share = brings(0, 1, second);
    assertEquals(Answer.Kind.WAIT, answer(share));
    assertSame(share, board.take(0));
  }

  @Test
  void anUnfinishedRoundLeavesNothingToTheNext() throws InterruptedException {
    board.post(THETA, first(7));
    board.answer(brings(0, 1, 7));
    board.post(THETA, first(7));
    assertNull(board.take(0));
    assertEquals(Answer.Kind.COMPUTE, answer(asks(0, 1)));
  }

  @Test
  void anEarlierAttemptOfTheStageMustGo() throws InterruptedException {
    board.post(THETA, first(7));
    assertEquals(Answer.Kind.COMPUTE, answer(asks(1, 0)));
    assertEquals(Answer.Kind.OUTDATED, answer(brings(0, 1, 7)));
    assertNull(board.take(0));
  }

  @Test
  void thetaIsTheOneOfThePost() {
    float[] theta = {1, 2};
    board.post(theta, first(7));
    theta[0] = 5;
    assertArrayEquals(new float[] {1, 2}, board.answer(asks(0, 0)).theta());
  }

  @Test
  void allLeaveWhenItIsClosedOrItsOwnerIsGone() throws InterruptedException {
    board.post(THETA, first(7));
    board.close();
    assertEquals(Answer.Kind.LEAVE, answer(asks(0, 1)));
    Thread gone = new Thread(() -> {});
    gone.start();
    gone.join();
    assertEquals(Answer.Kind.LEAVE, new RoundBoard(gone).answer(asks(0, 1)).kind());
  }
}
