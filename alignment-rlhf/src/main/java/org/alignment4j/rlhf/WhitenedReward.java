package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.rlhf.advantage.RunningMoments;
import org.alignment4j.rlhf.advantage.Variance;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/**
 * A reward brought to variance 1, and to mean 0 unless its mean is kept, by the moments of every
 * reward it has given so far in a run, those of the present step included (TRL v0.11 {@code
 * use_score_scaling}, {@code use_score_norm}). An answer without a reward counts nowhere; while
 * fewer than two rewards are known they pass as they are. A reward that is not finite passes as it
 * is and is not remembered, so that who called names it. The reward as it was is the part {@code
 * raw}; a part of that name which it had itself is {@code raw/raw} then. Answers that others are
 * compared with ({@link #baselineScores}) are brought to the scale of these and are not remembered.
 *
 * <p>Thread-safe; the order of calls matters. {@link #state()} holds the moments and the state of
 * the function; a run without a checkpoint begins with none, so that one whitened reward must not
 * be used by two runs at once.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class WhitenedReward implements RewardFunction {

  private enum Form {
    SHIFTED {
      @Override
      double[] apply(RunningMoments seen, double[] values) {
        return seen.normalise(values, Variance.BESSEL);
      }
    },
    SCALED {
      @Override
      double[] apply(RunningMoments seen, double[] values) {
        double kept = seen.count() < 2 ? 0 : seen.mean();
        double[] shifted = Arrays.stream(values).map(v -> v + kept).toArray();
        return seen.normalise(shifted, Variance.BESSEL);
      }
    };

    abstract double[] apply(RunningMoments seen, double[] values);
  }

  private static final String FUNCTION = "function/";
  private static final String RAW = "raw";

  private final RewardFunction function;
  private final Form form;
  private final Object lock = new Object();
  private RunningMoments moments = RunningMoments.empty();

  private WhitenedReward(RewardFunction function, Form form) {
    this.function = Objects.requireNonNull(function, "function");
    this.form = form;
  }

  /**
   * Returns a reward with mean 0 and variance 1.
   *
   * @param function gives the rewards
   * @return the whitened reward, which has seen nothing
   */
  public static WhitenedReward of(RewardFunction function) {
    return new WhitenedReward(function, Form.SHIFTED);
  }

  /**
   * Returns a reward divided by its standard deviation and not shifted.
   *
   * @param function gives the rewards
   * @return the scaled reward, which has seen nothing
   */
  public static WhitenedReward scaled(RewardFunction function) {
    return new WhitenedReward(function, Form.SCALED);
  }

  /**
   * Returns what has been seen.
   *
   * @return moments of all rewards so far
   */
  public RunningMoments moments() {
    synchronized (lock) {
      return moments;
    }
  }

  @Override
  public String name() {
    return function.name();
  }

  @Override
  public String description() {
    return "%s(%s)".formatted(form.name().toLowerCase(Locale.ROOT), function.description());
  }

  @Override
  public List<OptionalDouble> score(List<Rollout> answers, CancellationToken cancellation) {
    return scores(answers, cancellation).values();
  }

  @Override
  public RewardScores scores(List<Rollout> answers, CancellationToken cancellation) {
    return whitened(
        function.scores(answers, cancellation),
        given -> {
          synchronized (lock) {
            moments = moments.merge(RunningMoments.of(given));
            return moments;
          }
        });
  }

  @Override
  public RewardScores baselineScores(List<Rollout> answers, CancellationToken cancellation) {
    return whitened(function.baselineScores(answers, cancellation), given -> moments());
  }

  private RewardScores whitened(RewardScores raw, Function<double[], RunningMoments> scale) {
    double[] present =
        raw.values().stream()
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble)
            .toArray();
    if (Arrays.stream(present).anyMatch(v -> !Double.isFinite(v))) {
      return raw;
    }
    double[] values = form.apply(scale.apply(present), present);
    List<OptionalDouble> whitened = new ArrayList<>();
    int next = 0;
    for (OptionalDouble value : raw.values()) {
      whitened.add(value.isPresent() ? OptionalDouble.of(values[next++]) : value);
    }
    Map<String, List<OptionalDouble>> parts = new LinkedHashMap<>();
    raw.parts().forEach((name, part) -> parts.put(partName(name), part));
    parts.put(RAW, raw.values());
    return new RewardScores(whitened, parts);
  }

  /**
   * No part of what is whitened has the name of what it was, nor do two of them come to share one.
   */
  private static String partName(String name) {
    return name.equals(RAW) || name.startsWith(RAW + "/") ? RAW + "/" + name : name;
  }

  @Override
  public void requireReadable(DecoderModel policy, List<? extends Prompt> prompts) {
    function.requireReadable(policy, prompts);
  }

  @Override
  public Map<String, List<Double>> state() {
    Map<String, List<Double>> state = new LinkedHashMap<>(moments().state());
    function.state().forEach((key, v) -> state.put(FUNCTION + key, v));
    return state;
  }

  @Override
  public void restore(Map<String, List<Double>> state) {
    RunningMoments nothing = RunningMoments.empty();
    RunningMoments saved = state.isEmpty() ? nothing : nothing.restored(state);
    function.restore(RewardMemory.under(FUNCTION, state));
    synchronized (lock) {
      moments = saved;
    }
  }
}
