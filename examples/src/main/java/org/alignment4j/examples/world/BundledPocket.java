package org.alignment4j.examples.world;

import java.nio.file.Path;
import org.alignment4j.examples.pretrain.PocketTraining;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.runtime.DecoderModel;

/** The bundled pocket model and the world it was trained on. */
public final class BundledPocket {

  private BundledPocket() {}

  /** Returns the world of the bundled model. */
  public static PocketWorld world() {
    return PocketWorld.create(PocketTraining.WORLD_SEED);
  }

  /**
   * Loads the model from a run folder, which it is copied to.
   *
   * @param run folder of the run
   * @return the model, which the caller closes
   */
  public static DecoderModel load(Path run) {
    return DecoderModel.load(PocketModel.copyTo(run.resolve("base")));
  }
}
