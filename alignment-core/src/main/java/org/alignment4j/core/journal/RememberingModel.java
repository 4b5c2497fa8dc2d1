package org.alignment4j.core.journal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.GenerationOutcome;
import org.alignment4j.api.model.GenerationRequest;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingModel;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.provenance.ContentHash;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A model with the identity and the answers of another that asks it only for what a memory does not
 * hold. A greedy answer depends on its prompt alone, so it is asked for once. A prompt that occurs
 * several times gets several samples, by number.
 *
 * <p>Of a {@link SamplingModel} each answer is kept once it is there, also when others fail or the
 * process is killed, and what is missing is asked for by its number. Another model's answers are
 * kept when all of a call have come; when a sample of a prompt is missing, all of that prompt are
 * asked for again, so that each keeps its number, and known answers stay what they were. As safe
 * for concurrent calls as model and memory are.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RememberingModel implements LanguageModel {
  private final LanguageModel model;
  private final Memory memory;

  /** Creates a model that asks {@code model} for what {@code memory} does not hold. */
  public RememberingModel(LanguageModel model, Memory memory) {
    this.model = Objects.requireNonNull(model, "model");
    this.memory = Objects.requireNonNull(memory, "memory");
  }

  /**
   * What was asked for.
   *
   * @param model the model's id
   * @param prompt the whole prompt
   * @param options every sampling option
   * @param draw the number of the sample; 0 of a greedy answer
   */
  public record Asked(String model, Prompt prompt, SamplingOptions options, long draw) {
    /** Returns {@link RequestKey#of}. */
    public ContentHash key() {
      return RequestKey.of(model, prompt, options, draw);
    }
  }

  /** Where answers are kept. Safe for concurrent calls. */
  public interface Memory {
    /** Returns what is kept, or empty. */
    Optional<Completion> recall(Asked asked);

    /** Keeps an answer unless there is one, and returns what is kept. */
    Completion keep(Asked asked, Completion answer);
  }

  @Override
  public String id() {
    return model.id();
  }

  @Override
  public List<Completion> generate(
      List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
    List<Asked> requests = requests(prompts, options);
    @Nullable Completion[] answers = new @Nullable Completion[prompts.size()];
    for (int i = 0; i < answers.length; i++) {
      answers[i] = memory.recall(requests.get(i)).orElse(null);
    }
    if (model instanceof SamplingModel sampling) {
      askEach(sampling, requests, answers, options, cancellation);
    } else {
      askTogether(requests, answers, options, cancellation);
    }
    for (int i = 0; i < answers.length; i++) {
      if (answers[i] == null) {
        answers[i] = memory.recall(requests.get(i)).orElseThrow();
      }
    }
    return List.of(Arrays.copyOf(answers, answers.length));
  }

  private void askEach(
      SamplingModel sampling,
      List<Asked> requests,
      @Nullable Completion[] answers,
      SamplingOptions options,
      CancellationToken cancellation) {
    List<Integer> asked = new ArrayList<>();
    Set<Asked> seen = new HashSet<>();
    for (int i = 0; i < answers.length; i++) {
      if (answers[i] == null && seen.add(requests.get(i))) {
        asked.add(i);
      }
    }
    if (asked.isEmpty()) {
      return;
    }
    List<GenerationRequest> missing = new ArrayList<>();
    for (int index : asked) {
      Asked request = requests.get(index);
      missing.add(new GenerationRequest(request.prompt(), Math.toIntExact(request.draw()), null));
    }
    SortedMap<Integer, RuntimeException> failures = new TreeMap<>();
    sampling.sample(
        missing,
        options,
        cancellation,
        (outcome, number) -> {
          int index = asked.get(number);
          if (outcome instanceof GenerationOutcome.Failed failed) {
            failures.put(index, failed.failure());
          } else {
            answers[index] = memory.keep(requests.get(index), outcome.completion());
          }
        });
    if (!failures.isEmpty()) {
      throw failures.values().iterator().next();
    }
  }

  private void askTogether(
      List<Asked> requests,
      @Nullable Completion[] answers,
      SamplingOptions options,
      CancellationToken cancellation) {
    Set<Prompt> incomplete = new HashSet<>();
    for (int i = 0; i < answers.length; i++) {
      if (answers[i] == null) {
        incomplete.add(requests.get(i).prompt());
      }
    }
    List<Integer> asked = new ArrayList<>();
    Set<Asked> seen = new HashSet<>();
    for (int i = 0; i < answers.length; i++) {
      if (incomplete.contains(requests.get(i).prompt()) && seen.add(requests.get(i))) {
        asked.add(i);
      }
    }
    if (!asked.isEmpty()) {
      List<Prompt> missing = new ArrayList<>();
      asked.forEach(i -> missing.add(requests.get(i).prompt()));
      List<Completion> fresh = model.generate(missing, options, cancellation);
      for (int i = 0; i < fresh.size(); i++) {
        int index = asked.get(i);
        answers[index] = memory.keep(requests.get(index), fresh.get(i));
      }
    }
  }

  private List<Asked> requests(List<? extends Prompt> prompts, SamplingOptions options) {
    List<Asked> requests = new ArrayList<>();
    Map<Prompt, Integer> occurrences = new HashMap<>();
    for (Prompt prompt : prompts) {
      int occurrence = occurrences.merge(prompt, 1, Integer::sum) - 1;
      requests.add(new Asked(model.id(), prompt, options, options.isGreedy() ? 0 : occurrence));
    }
    return requests;
  }
}
