package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.runtime.train.Lora;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Iterations that are stopped anywhere end in the same bits. */
class ResumedRaftTest extends RaftTrainings {

  /** Stopped in the middle of a training and of the rewards of an iteration, then made whole. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStoppedRunEndsInTheSameBits(boolean adapter) {
    for (IterationStart start : IterationStart.values()) {
      RaftTrainer plain = trainer(REWARD).startFrom(start).checkpointEvery(1);
      RaftTrainer whole = adapter ? plain.adapter(Lora.rank(2)) : plain;
      Path path = folder.resolve(start.toString());
      FineTuningResult expected = whole.train(prompts(8));

      AtomicInteger checks = new AtomicInteger();
      AtomicInteger asked = new AtomicInteger();
      RewardFunction failing =
          RewardFunction.each(
              "wanted",
              r -> {
                if (asked.incrementAndGet() == 40) {
                  throw new IllegalStateException("died");
                }
                return wanted(r);
              });
      assertThatThrownBy(() -> whole(failing, whole, start).runFolder(path).train(prompts(8)))
          .as("iteration 2 has no reward for its eighth answer")
          .hasMessageContainingAll("at step 2", "died");
      assertThat(path.resolve("iteration-0001/answers.json")).exists();
      assertThat(path.resolve("iteration-0002/answers.json")).doesNotExist();
      AtomicInteger checksAtRewards = new AtomicInteger();
      RewardFunction counting =
          RewardFunction.each(
              "wanted",
              r -> {
                checksAtRewards.set(checks.get());
                return wanted(r);
              });
      assertThatThrownBy(
              () ->
                  whole(counting, whole, start)
                      .runFolder(path)
                      .cancellation(
                          () ->
                              checks.incrementAndGet() > checksAtRewards.get() + 3
                                  && checksAtRewards.get() > 0)
                      .train(prompts(8)))
          .isInstanceOf(CancelledException.class)
          .hasMessageContainingAll(
              "in iteration 2 of 3; run again with the folder", path.toString());
      assertThat(path.resolve("iteration-0002/answers.json")).exists();
      assertThat(path.resolve("iteration-0002/training/checkpoint-1")).exists();
      AtomicInteger late = new AtomicInteger();
      RewardFunction last =
          RewardFunction.each(
              "wanted",
              r -> {
                late.incrementAndGet();
                return wanted(r);
              });
      FineTuningResult resumed = whole(last, whole, start).runFolder(path).train(prompts(8));
      assertThat(late.get()).as("only the third iteration asks for rewards").isEqualTo(32);
      assertThat(resumed.metrics()).isEqualTo(expected.metrics());
      assertThat(resumed.model().id()).isEqualTo(expected.model().id());
      resumed.model().close();

      FineTuningResult again = whole.runFolder(path).train(prompts(8));
      assertThat(again.model().id()).isEqualTo(expected.model().id());
      assertThat(again.metrics()).isEqualTo(expected.metrics());
      again.model().close();
      expected.model().close();
      FineTuningResult longer = whole.iterations(4).runFolder(path).train(prompts(8));
      FineTuningResult four = whole.iterations(4).train(prompts(8));
      assertThat(longer.model().id()).isEqualTo(four.model().id());
      assertThat(longer.metrics()).isEqualTo(four.metrics());
      longer.model().close();
      four.model().close();
      assertThatThrownBy(() -> whole.samples(3).runFolder(path).train(prompts(8)))
          .isInstanceOf(RunFolderException.class)
          .hasMessageContaining("sampling");
    }
  }

  private RaftTrainer whole(RewardFunction reward, RaftTrainer like, IterationStart start) {
    return trainer(reward).startFrom(start).options(like.options());
  }
}
