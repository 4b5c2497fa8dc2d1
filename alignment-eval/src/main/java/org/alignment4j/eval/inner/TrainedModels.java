package org.alignment4j.eval.inner;

import java.util.List;
import java.util.function.Function;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.training.Learner;
import org.alignment4j.api.training.TrainingContext;
import org.apiguardian.api.API;

/** Models that live as long as a measurement. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TrainedModels {

  private TrainedModels() {}

  /**
   * Trains a model, measures it, and closes it when it is {@link AutoCloseable}.
   *
   * @param learner how it is trained
   * @param base where training starts; left as it is
   * @param examples what is learned from
   * @param context seed, run folder, progress and cancellation
   * @param measure what is done with it
   * @param <E> the examples
   * @param <R> the result
   * @return what the measurement gave
   * @throws AlignmentException when training, the measurement or closing fails
   */
  public static <E, R> R measure(
      Learner<E> learner,
      LanguageModel base,
      List<? extends E> examples,
      TrainingContext context,
      Function<LanguageModel, R> measure) {
    LanguageModel model = learner.train(base, examples, context);
    try {
      R result = measure.apply(model);
      close(model);
      return result;
    } catch (RuntimeException e) {
      try {
        close(model);
      } catch (AlignmentException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  private static void close(LanguageModel model) {
    if (model instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new AlignmentException("cannot close the model '" + model.id() + "': " + e, e);
      }
    }
  }
}
