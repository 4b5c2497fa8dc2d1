package org.alignment4j.examples.sentiment;

import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.runtime.DecoderModel;

/**
 * A story model that learned from a reward model.
 *
 * @param model the model; the caller closes it
 * @param account what the report tells of its training
 * @param provenance what it was made of, by name
 */
record Tuning(DecoderModel model, Account account, Map<String, String> provenance) {

  Tuning {
    provenance = new LinkedHashMap<>(provenance);
  }
}
