package org.alignment4j.rlhf;

import java.util.List;
import org.alignment4j.rlhf.data.PairInput;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.loss.PreferenceLoss;

/** A loss over a whole update has no loss of a pair that a doubt about its label could weigh. */
final class CertainLabels {

  private CertainLabels() {}

  static void require(PreferenceLoss loss, List<PreferenceExample> examples) {
    if (!loss.inputs().contains(PairInput.WHOLE_UPDATE)) {
      return;
    }
    for (PreferenceExample example : examples) {
      if (example.probability() != 1) {
        throw new IllegalArgumentException(
            ("pairs[%s]: probability must be 1 for %s, which compares all pairs of an update, but"
                    + " was %s; swap or remove the pair")
                .formatted(example.index(), loss, example.probability()));
      }
    }
  }
}
