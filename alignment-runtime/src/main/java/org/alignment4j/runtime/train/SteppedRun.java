package org.alignment4j.runtime.train;

import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/** What a {@link RunLoop} drives: training one step at a time, whose state can be saved. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface SteppedRun {

  /**
   * Returns the number of steps of the whole run.
   *
   * @return at least 1
   */
  long steps();

  /**
   * Makes a step. A step that throws {@link org.alignment4j.api.CancelledException} has changed
   * nothing.
   *
   * @param number from 1, in order from the one after {@link #resume}
   * @return what it did
   */
  Metrics step(long number);

  /**
   * Returns the files of a checkpoint.
   *
   * @return everything that later steps depend on, small values apart
   */
  List<CheckpointPart> parts();

  /**
   * Returns small values that later steps depend on.
   *
   * @return by name
   */
  Map<String, String> values();

  /**
   * Goes on after a checkpoint.
   *
   * @param checkpoint holds {@link #parts}
   * @param values what {@link #values} gave when it was saved
   */
  void resume(TrainingCheckpoint checkpoint, Map<String, String> values);

  /**
   * Returns the model's parameters.
   *
   * @return writable views of all that {@link #restore} takes over
   */
  List<StateTensor> parameters();

  /**
   * Takes the model's parameters, and nothing else, from a checkpoint.
   *
   * @param checkpoint holds {@link #parts}
   */
  void restore(TrainingCheckpoint checkpoint);
}
