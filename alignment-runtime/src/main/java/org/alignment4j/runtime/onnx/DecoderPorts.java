package org.alignment4j.runtime.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.runtime.session.OnnxSession;
import org.alignment4j.runtime.session.Port;
import org.jspecify.annotations.Nullable;

/**
 * The inputs and outputs of a decoder under Optimum's names, checked.
 *
 * @param ids {@code input_ids [batch, seq]}
 * @param mask {@code attention_mask [batch, past + seq]}
 * @param positions {@code position_ids [batch, seq]}, or null
 * @param types {@code token_type_ids [batch, seq]}, or null
 * @param branching whether {@code use_cache_branch} tells the first run from the later ones
 * @param logits {@code logits [batch, seq, vocab]}
 * @param cache keys and values of the blocks, empty where nothing is cached
 */
record DecoderPorts(
    Port ids,
    Port mask,
    @Nullable Port positions,
    @Nullable Port types,
    boolean branching,
    Port logits,
    List<Cached> cache) {

  /**
   * Keys or values of one block.
   *
   * @param past the input, {@code [batch, kvHeads, past, headDim]}
   * @param present name of the output, {@code [batch, kvHeads, past + seq, headDim]}
   */
  record Cached(Port past, String present) {}

  private static final Pattern PAST = Pattern.compile("past_key_values\\.(\\d{1,5})\\.(key|value)");

  DecoderPorts {
    cache = List.copyOf(cache);
  }

  /**
   * Finds them.
   *
   * @throws org.alignment4j.api.CheckpointException naming the input or output that is missing,
   *     unknown, or of another type or shape
   */
  static DecoderPorts of(OnnxSession session) {
    Faults faults = new Faults(session);
    Port ids = faults.integers(OnnxNames.INPUT_IDS);
    Port mask = faults.integers(OnnxNames.ATTENTION_MASK);
    Port positions = faults.optionalIntegers(OnnxNames.POSITION_IDS);
    Port types = faults.optionalIntegers(OnnxNames.TOKEN_TYPE_IDS);
    boolean branching = session.inputs().containsKey(OnnxNames.USE_CACHE_BRANCH);
    List<String> known = new ArrayList<>(OnnxNames.MODEL_INPUTS);
    Map<String, Cached> cache = new TreeMap<>();
    for (Port input : session.inputs().values()) {
      Matcher name = PAST.matcher(input.name());
      if (name.matches()) {
        known.add(input.name());
        String present = "present." + name.group(1) + "." + name.group(2);
        cache.put(input.name(), new Cached(cached(faults, session, input, present), present));
      }
    }
    faults.refuseOthers(known);
    for (Port open : List.of(ids, mask)) {
      if (open.size(0) >= 0 || open.size(1) >= 0) {
        throw faults.error(
            "input '%s' must leave batch and columns open but is %s".formatted(open.name(), open));
      }
    }
    Port logits = faults.reals(OnnxNames.LOGITS, 3);
    return new DecoderPorts(
        ids, mask, positions, types, branching, logits, List.copyOf(cache.values()));
  }

  private static Port cached(Faults faults, OnnxSession session, Port past, String present) {
    faults.requireSizes("input", past);
    if (!past.element().isReal() || past.rank() != 4) {
      throw faults.error(
          "input '%s' must be real and [batch, kvHeads, past, headDim] but is %s"
              .formatted(past.name(), past));
    }
    if (past.size(0) >= 0 || past.size(2) >= 0) {
      throw faults.error(
          "input '%s' must leave batch and past open but is %s".formatted(past.name(), past));
    }
    Port output = session.outputs().get(present);
    if (output == null || output.element() != past.element() || output.rank() != 4) {
      throw faults.error(
          "output '%s' must be of the type and rank of input '%s', %s, but is %s"
              .formatted(present, past.name(), past, output == null ? "missing" : output));
    }
    return past;
  }
}
