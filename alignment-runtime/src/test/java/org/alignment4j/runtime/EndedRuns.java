package org.alignment4j.runtime;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;

/** A process that exits while sixteen threads generate. */
final class EndedRuns {

  private static final int THREADS = 16;

  private EndedRuns() {}

  public static void main(String[] args) throws Exception {
    DecoderModel model = TestModels.small();
    SamplingOptions options =
        SamplingOptions.builder(40).temperature(0.9).seed(1).ignoreEos(true).build();
    CountDownLatch running = new CountDownLatch(THREADS);
    for (int i = 0; i < THREADS; i++) {
      Thread thread =
          new Thread(
              () -> {
                while (true) {
                  model.generate(List.of(Prompt.tokens(5, 6, 7), Prompt.tokens(8, 9)), options);
                  running.countDown();
                }
              });
      thread.setDaemon(true);
      thread.start();
    }
    running.await();
    Thread.sleep(Integer.parseInt(args[0]));
    System.exit(0);
  }
}
