package io.lakeprop.train;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** What {@link ResumeTest} says of one stop holds for any number of them. */
class ResumeLawTest {
  @Property(tries = 60)
  void anyNumberOfProcessesIsOne(
      @ForAll @Size(max = 8) List<@LongRange(min = 0, max = ResumeTest.ROUNDS) Long> stops,
      @ForAll @LongRange(min = 0, max = 22) long number) {
    ResumeTest.Case of = ResumeTest.cases().get((int) number);
    ResumeTest.Attempt whole = new ResumeTest.Attempt(of);
    TrainerState expected = whole.run(whole.start(), ResumeTest.ROUNDS);
    TrainerState state = whole.start();
    for (long stop : stops.stream().sorted().toList()) {
      state = ResumeTest.reread(new ResumeTest.Attempt(of).run(state, stop));
    }
    ResumeTest.assertSame(
        expected, new ResumeTest.Attempt(of).run(state, ResumeTest.ROUNDS), "after " + stops + " ");
  }
}
