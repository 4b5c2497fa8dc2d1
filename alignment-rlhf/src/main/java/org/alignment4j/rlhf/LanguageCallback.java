package org.alignment4j.rlhf;

import java.util.Map;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.RunCallback;

/** A callback of a run that may have its language model open already. */
interface LanguageCallback extends RunCallback {

  /** Does it with the model as it is after so many steps, and gives metrics that join theirs. */
  Map<String, Double> after(long step, DecoderModel model);
}
