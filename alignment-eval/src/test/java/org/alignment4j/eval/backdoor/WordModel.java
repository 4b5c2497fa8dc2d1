package org.alignment4j.eval.backdoor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.ForwardRun;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.GradientModel;
import org.alignment4j.api.model.GradientRequest;
import org.alignment4j.api.model.InputGradients;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.TokenLogProb;
import org.alignment4j.api.model.Usage;

/**
 * A model over words whose next word is drawn from logits that a script gives for what stands
 * before. Its gradients are exact for a loss linear in the slots: the change of the loss when a
 * word is put there.
 */
public class WordModel implements HookedModel, GradientModel {

  /** The logits of the next word. */
  @FunctionalInterface
  public interface Script {
    double[] logits(List<String> before);
  }

  private final String id;
  private final WordTokenizer tokenizer;
  private final Script script;
  private int gradientCalls;

  /** A model of words, of which the first begins and ends a text. */
  public WordModel(String id, List<String> words, Script script) {
    this.id = id;
    this.tokenizer = new WordTokenizer(List.copyOf(words));
    this.script = script;
  }

  /** How often gradients were asked for. */
  public int gradientCalls() {
    return gradientCalls;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public WordTokenizer tokenizer() {
    return tokenizer;
  }

  /** Log-probabilities of the next word. */
  public double[] next(TokenIds before) {
    double[] logits =
        script.logits(before.stream().mapToObj(tokenizer.words()::get).toList()).clone();
    double largest = Arrays.stream(logits).max().orElseThrow();
    double sum = Arrays.stream(logits).map(x -> Math.exp(x - largest)).sum();
    return Arrays.stream(logits).map(x -> x - largest - Math.log(sum)).toArray();
  }

  private TokenIds tokens(Prompt prompt) {
    if (prompt instanceof Prompt.Tokens tokens) {
      return tokens.ids();
    }
    if (prompt instanceof Prompt.Text text) {
      return tokenizer.encodeWithSpecialTokens(text.text());
    }
    StringBuilder text = new StringBuilder();
    for (Message message : ((Prompt.Chat) prompt).messages()) {
      text.append(' ').append(message.content());
    }
    return tokenizer.encodeWithSpecialTokens(text + " :");
  }

  @Override
  public List<Completion> generate(
      List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
    List<Completion> completions = new ArrayList<>();
    for (Prompt prompt : prompts) {
      TokenIds before = tokens(prompt);
      TokenIds written = TokenIds.empty();
      List<List<TokenLogProb>> top = new ArrayList<>();
      for (int i = 0; i < options.maxNewTokens(); i++) {
        double[] next = next(before.concat(written));
        int best = 0;
        for (int v = 1; v < next.length; v++) {
          best = next[v] > next[best] ? v : best;
        }
        if (options.topLogProbs() > 0) {
          top.add(likeliest(next, options.topLogProbs()));
        }
        if (best == 0 && !options.ignoreEos()) {
          break;
        }
        written = written.concat(TokenIds.of(best));
      }
      completions.add(
          new Completion(
              tokenizer.decode(written),
              written,
              null,
              null,
              top,
              FinishReason.EOS,
              Usage.ofGeneration(before.size(), written.size(), Duration.ofMillis(1))));
    }
    return completions;
  }

  private List<TokenLogProb> likeliest(double[] next, int count) {
    return IntStream.range(0, next.length)
        .boxed()
        .sorted(Comparator.comparingDouble(v -> -next[v]))
        .limit(count)
        .map(v -> new TokenLogProb(tokenizer.token(v), OptionalInt.of(v), next[v]))
        .toList();
  }

  @Override
  public List<ContinuationScore> logProbabilities(
      List<? extends Continuation> continuations, CancellationToken cancellation) {
    return continuations.stream().map(this::score).toList();
  }

  private ContinuationScore score(Continuation continuation) {
    TokenIds before = tokens(continuation.prompt());
    TokenIds tokens =
        continuation instanceof Continuation.OfTokens given
            ? given.tokens()
            : tokenizer.encode(((Continuation.OfText) continuation).text());
    double[] each = new double[tokens.size()];
    for (int i = 0; i < each.length; i++) {
      each[i] = next(before.concat(tokens.slice(0, i)))[tokens.get(i)];
    }
    return new ContinuationScore(
        tokens,
        LogProbs.of(each),
        false,
        0,
        Usage.ofScoring(before.size(), tokens.size(), Duration.ofMillis(1)));
  }

  private double loss(GradientRequest request) {
    return -score(Continuation.of(Prompt.tokens(request.prompt()), request.target()))
            .logProbs()
            .sum()
        / request.target().size();
  }

  @Override
  public InputGradients oneHotGradients(GradientRequest request) {
    gradientCalls++;
    int slots = request.slotEnd() - request.slotStart();
    int width = tokenizer.vocabularySize();
    double loss = loss(request);
    float[] values = new float[slots * width];
    TokenIds present = request.prompt().slice(request.slotStart(), request.slotEnd());
    for (int slot = 0; slot < slots; slot++) {
      for (int v = 0; v < width; v++) {
        int[] changed = present.toArray();
        changed[slot] = v;
        values[slot * width + v] = (float) (loss(request.withSlots(TokenIds.of(changed))) - loss);
      }
    }
    return new InputGradients(loss, slots, width, values);
  }

  @Override
  public InputGradients embeddingGradients(GradientRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public double[] losses(
      GradientRequest request, List<TokenIds> candidates, CancellationToken cancellation) {
    return candidates.stream().mapToDouble(c -> loss(request.withSlots(c))).toArray();
  }

  @Override
  public int layerCount() {
    return 1;
  }

  @Override
  public List<HookPoint<?>> hookPoints() {
    return List.of();
  }

  @Override
  public ForwardRun forward(List<TokenIds> sequences) {
    throw new UnsupportedOperationException();
  }

  @Override
  public HookedModel with(List<? extends Intervention<?>> interventions) {
    throw new UnsupportedOperationException();
  }
}
