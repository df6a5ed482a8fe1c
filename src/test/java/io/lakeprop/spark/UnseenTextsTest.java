package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is kept is the same whatever task saw it first. */
class UnseenTextsTest {
  @Test
  void theFirstTextsInTheirOrderHoweverTheyCome() {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      texts.add("t" + i % 20);
      texts.add(null);
    }
    texts.add("x".repeat(1000));
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      Collections.shuffle(texts, random);
      List<UnseenTexts> tasks = List.of(new UnseenTexts(), new UnseenTexts(), new UnseenTexts());
      for (String text : texts) {
        UnseenTexts task = tasks.get(random.nextInt(3));
        task.add(text);
        if (text != null && text.endsWith("9")) {
          task.addAlike(text);
        }
      }
      UnseenTexts all = new UnseenTexts();
      assertTrue(all.isZero());
      tasks.forEach(all::merge);
      assertFalse(all.isZero());
      assertEquals(
          new UnseenTexts.Seen(121, List.of("t0", "t1", "t10"), Optional.of("t19")), all.value());
      assertEquals(all.value(), all.copy().value());
      assertTrue(all.copyAndReset().isZero());
      assertFalse(all.toString().isEmpty(), "which a log may ask for");
    }
  }

  /** A heartbeat writes it while a task adds to it. */
  @Test
  void itIsReadWhileATaskAdds() throws InterruptedException {
    UnseenTexts texts = new UnseenTexts();
    Thread task =
        new Thread(
            () -> {
              for (int i = 1_000_000; i > 0; i--) {
                texts.add(Integer.toString(i));
              }
            });
    task.start();
    long last = 0;
    while (task.isAlive()) {
      UnseenTexts.Seen seen = texts.value();
      assertTrue(seen.count() >= last && seen.texts().size() <= 3);
      assertEquals(seen.texts().stream().sorted().toList(), seen.texts());
      last = seen.count();
    }
    task.join();
    assertEquals(List.of("1", "10", "100"), texts.value().texts());
    assertEquals(1_000_000, texts.value().count());
  }
}
