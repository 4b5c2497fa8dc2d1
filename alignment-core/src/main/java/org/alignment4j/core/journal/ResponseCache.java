package org.alignment4j.core.journal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.provenance.ContentHash;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Answers of models by the content of the request, kept for good. What throws is never kept: a
 * failed request is asked again the next time. Thread-safe; when two threads ask for the same
 * answer at once both may call the model, and both get the one that was kept.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ResponseCache implements AutoCloseable {
  private static final CompletionCodec CODEC = new CompletionCodec();

  private final Journal journal;

  private ResponseCache(Journal journal) {
    this.journal = journal;
  }

  /**
   * Opens a cache; keys say everything, so one file serves any models, prompts and options.
   *
   * @throws org.alignment4j.api.RunFolderException if the file has another owner, is no cache, or a
   *     newer version wrote it
   * @throws org.alignment4j.api.DataFormatException if a line is damaged; names the line
   * @throws org.alignment4j.api.AlignmentException if the disk fails
   */
  public static ResponseCache open(Path path) {
    return new ResponseCache(Journal.open(path, Map.of("content", "completions")));
  }

  /** The file behind the cache. */
  public Journal journal() {
    return journal;
  }

  /** Returns the answer under a key (see {@link RequestKey}), or empty. */
  public Optional<Completion> get(ContentHash key) {
    return journal.get(key).map(CODEC::decode);
  }

  /**
   * Returns the answer under a key, asking for it when there is none.
   *
   * @param ask gives the answer; what it throws passes through and nothing is kept
   */
  public Completion get(ContentHash key, Supplier<Completion> ask) {
    Optional<Completion> known = get(key);
    return known.isPresent() ? known.get() : keep(key, ask.get());
  }

  private Completion keep(ContentHash key, Completion answer) {
    return journal.put(key, CODEC.encode(answer)) ? answer : get(key).orElse(answer);
  }

  /**
   * Returns a model with the same identity and the same answers that asks {@code model} only for
   * what the cache does not hold. Cached completions carry the usage of the call that made them.
   *
   * <p>A greedy answer depends on its prompt alone, so missing ones are asked for each once. A
   * prompt that occurs several times gets several samples; when one of them is missing, all of that
   * prompt are asked for again, so that each keeps its number, and known answers stay what they
   * were.
   */
  public LanguageModel caching(LanguageModel model) {
    return new Caching(model);
  }

  @Override
  public void close() {
    journal.close();
  }

  /** See {@link #caching}. */
  private final class Caching implements LanguageModel {
    private final LanguageModel model;

    Caching(LanguageModel model) {
      this.model = model;
    }

    @Override
    public String id() {
      return model.id();
    }

    @Override
    public List<Completion> generate(
        List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
      List<ContentHash> keys = new ArrayList<>();
      Map<Prompt, Integer> occurrences = new HashMap<>();
      for (Prompt prompt : prompts) {
        int occurrence = occurrences.merge(prompt, 1, Integer::sum) - 1;
        long draw = options.isGreedy() ? 0 : occurrence;
        keys.add(RequestKey.of(model.id(), prompt, options, draw));
      }
      @Nullable Completion[] answers = new @Nullable Completion[prompts.size()];
      Set<Prompt> incomplete = new HashSet<>();
      for (int i = 0; i < answers.length; i++) {
        answers[i] = get(keys.get(i)).orElse(null);
        if (answers[i] == null) {
          incomplete.add(prompts.get(i));
        }
      }
      List<Integer> asked = new ArrayList<>();
      Set<ContentHash> askedKeys = new HashSet<>();
      for (int i = 0; i < answers.length; i++) {
        if (incomplete.contains(prompts.get(i)) && askedKeys.add(keys.get(i))) {
          asked.add(i);
        }
      }
      List<Completion> fresh =
          asked.isEmpty()
              ? List.of()
              : model.generate(asked.stream().map(prompts::get).toList(), options, cancellation);
      for (int i = 0; i < fresh.size(); i++) {
        int index = asked.get(i);
        answers[index] = keep(keys.get(index), fresh.get(i));
      }
      for (int i = 0; i < answers.length; i++) {
        if (answers[i] == null) {
          answers[i] = get(keys.get(i)).orElseThrow();
        }
      }
      return List.of(Arrays.copyOf(answers, answers.length));
    }
  }
}
