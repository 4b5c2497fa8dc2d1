package org.alignment4j.rlhf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the reward functions of a run remember of what they gave.
 *
 * @param functions each under a prefix of its own, none the beginning of another
 */
record RewardMemory(Map<String, RewardFunction> functions) {

  private static final String STATE = "reward_functions.";

  RewardMemory {
    functions = new LinkedHashMap<>(functions);
  }

  /** The memory of a further function too. */
  RewardMemory and(String prefix, RewardFunction function) {
    Map<String, RewardFunction> more = new LinkedHashMap<>(functions);
    more.put(prefix, function);
    return new RewardMemory(more);
  }

  /** What later rewards depend on of those given, for a checkpoint: lists of numbers by name. */
  Map<String, List<Double>> state() {
    Map<String, List<Double>> state = new LinkedHashMap<>();
    functions.forEach(
        (prefix, function) -> function.state().forEach((key, v) -> state.put(prefix + key, v)));
    return state;
  }

  /** Goes on after a checkpoint with the state it holds. */
  void restore(Map<String, List<Double>> state) {
    functions.forEach((prefix, function) -> function.restore(under(prefix, state)));
  }

  /** Begins anew. */
  void forget() {
    restore(Map.of());
  }

  /** The entries whose names begin with a prefix, without it. */
  static <V> Map<String, V> under(String prefix, Map<String, V> values) {
    Map<String, V> own = new LinkedHashMap<>();
    values.forEach(
        (key, v) -> {
          if (key.startsWith(prefix)) {
            own.put(key.substring(prefix.length()), v);
          }
        });
    return own;
  }

  /** {@link #state()} as text, under names of its own. */
  Map<String, String> values() {
    return StateNumbers.values(STATE, state());
  }

  /** Goes on after a checkpoint that holds {@link #values} among others. */
  void resume(Map<String, String> values) {
    restore(StateNumbers.state(STATE, values));
  }

  /**
   * What is computed after rewards are asked for; where that ends by a failure or is cancelled, the
   * functions remember what they did before.
   */
  <T> T undoingOnFailure(Supplier<T> computation) {
    Map<String, List<Double>> before = state();
    try {
      return computation.get();
    } catch (RuntimeException | Error e) {
      restore(before);
      throw e;
    }
  }
}
