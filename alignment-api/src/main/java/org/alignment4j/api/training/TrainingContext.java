package org.alignment4j.api.training;

import java.nio.file.Path;
import java.util.Objects;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ProgressListener;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * What a training run is given from outside its method.
 *
 * @param seed where random numbers start
 * @param runFolder where checkpoints and metrics go, and from where an interrupted run resumes;
 *     null keeps nothing
 * @param progress hears how far the run is
 * @param cancellation asks to stop at the next step
 */
@API(status = API.Status.STABLE, since = "0.1")
public record TrainingContext(
    long seed,
    @Nullable Path runFolder,
    ProgressListener progress,
    CancellationToken cancellation) {

  /** Checks that nothing is missing. */
  public TrainingContext {
    Objects.requireNonNull(progress, "progress");
    Objects.requireNonNull(cancellation, "cancellation");
  }

  /**
   * Returns a silent context without run folder.
   *
   * @param seed where random numbers start
   * @return the context
   */
  public static TrainingContext of(long seed) {
    return new TrainingContext(seed, null, ProgressListener.none(), CancellationToken.none());
  }

  /**
   * Returns this context with a run folder.
   *
   * @param folder where checkpoints and metrics go
   * @return the context
   */
  public TrainingContext withRunFolder(Path folder) {
    return new TrainingContext(seed, folder, progress, cancellation);
  }
}
