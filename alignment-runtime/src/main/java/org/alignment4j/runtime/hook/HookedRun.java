package org.alignment4j.runtime.hook;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.hook.ForwardRun;
import org.alignment4j.api.hook.GradientResult;
import org.alignment4j.api.hook.HookKind;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.hook.MetricResult;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.architecture.AttentionKind;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.DecoderGraph;
import org.alignment4j.runtime.engine.Columns;
import org.alignment4j.runtime.engine.DecoderInstance;
import org.alignment4j.runtime.engine.GraphLease;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.GraphModel;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.session.HeldResult;
import org.alignment4j.runtime.session.OwnedTensors;
import org.alignment4j.runtime.session.RunResult;
import org.jspecify.annotations.Nullable;

/**
 * A declared forward run of one decoder. Immutable. Runs that read or edit another set of points
 * have a compiled graph of their own, of which the engine keeps those used last.
 */
public final class HookedRun implements ForwardRun {

  private static final String LOGITS = "logits";
  private static final String RESIDUAL = "residual";

  /** Equal keys mean equal graphs. */
  private record Key(
      Object edits, Set<String> reads, LayerSpan.Structure span, Set<String> adapted) {
    @Override
    public String toString() {
      return "hooked forward pass";
    }
  }

  private final DecoderInstance model;
  private final Interventions interventions;
  private final List<TokenIds> sequences;
  private final List<HookPointSet<?>> reads;
  private final LayerSpan span;

  private HookedRun(
      DecoderInstance model,
      Interventions interventions,
      List<TokenIds> sequences,
      List<HookPointSet<?>> reads,
      LayerSpan span) {
    this.model = model;
    this.interventions = interventions;
    this.sequences = List.copyOf(sequences);
    this.reads = List.copyOf(reads);
    this.span = span;
  }

  /**
   * Declares a run.
   *
   * @param interventions what the model changes in every run
   * @throws IllegalArgumentException when there is no sequence, or one is empty, exceeds the
   *     context or has an id outside the vocabulary
   */
  public static HookedRun of(
      DecoderInstance model, Interventions interventions, List<TokenIds> sequences) {
    DecoderConfig config = model.engine().architecture().config();
    if (sequences.isEmpty()) {
      throw new IllegalArgumentException("sequences must hold at least one sequence");
    }
    for (int i = 0; i < sequences.size(); i++) {
      TokenIds tokens = sequences.get(i);
      if (tokens.isEmpty() || tokens.size() > config.maxPositions()) {
        throw new IllegalArgumentException(
            "a sequence must have 1 to "
                + config.maxPositions()
                + " tokens but sequence "
                + i
                + " has "
                + tokens.size());
      }
      int largest = tokens.stream().max().orElseThrow();
      if (largest >= config.vocabSize()) {
        throw new IllegalArgumentException(
            "token ids must be less than the vocabulary's "
                + config.vocabSize()
                + " but sequence "
                + i
                + " has "
                + largest);
      }
    }
    return new HookedRun(model, interventions, sequences, List.of(), LayerSpan.WHOLE);
  }

  @Override
  public ForwardRun cache(HookPointSet<?>... points) {
    List<HookPointSet<?>> more = new ArrayList<>(reads);
    for (HookPointSet<?> set : points) {
      span.requireComputed(set, interventions.catalog().present(set));
      more.add(set);
    }
    return new HookedRun(model, interventions, sequences, more, span);
  }

  @Override
  public ForwardRun with(List<? extends Intervention<?>> further) {
    // Places are checked against this run only where the run itself declares them: those of an
    // intervened model may belong to other rows or to positions that it has yet to generate.
    Interventions.none(model.engine()).with(further).requireWithin(sequences.size(), longest());
    return new HookedRun(model, interventions.with(further), sequences, reads, span);
  }

  private int longest() {
    return sequences.stream().mapToInt(TokenIds::size).max().orElse(0);
  }

  @Override
  public ForwardRun startAtLayer(int layer, Values stream) {
    DecoderConfig config = model.engine().architecture().config();
    return within(span.from(layer, stream, config, sequences.size(), longest()));
  }

  @Override
  public ForwardRun stopAtLayer(int layer) {
    return within(span.until(layer, interventions.catalog().layers()));
  }

  private HookedRun within(LayerSpan shorter) {
    reads.forEach(set -> shorter.requireComputed(set, interventions.catalog().present(set)));
    return new HookedRun(model, interventions, sequences, reads, shorter);
  }

  @Override
  public ForwardResult execute(CancellationToken cancellation) {
    cancellation.throwIfCancelled("the forward run");
    return model.call(this::run);
  }

  @Override
  public MetricResult measure(LogitMetric metric, CancellationToken cancellation) {
    cancellation.throwIfCancelled("the run for a metric");
    return measured(metric, List.of()).execute();
  }

  @Override
  public GradientResult gradients(
      LogitMetric metric, List<? extends HookPointSet<?>> points, CancellationToken cancellation) {
    cancellation.throwIfCancelled("the run for gradients");
    points.forEach(set -> span.requireComputed(set, interventions.catalog().present(set)));
    List<HookPoint<?>> wanted = computed(points);
    if (wanted.isEmpty()) {
      throw new IllegalArgumentException(
          "gradients must be wanted at one hook point at least that the model has");
    }
    interventions.requireDifferentiable(wanted);
    return measured(metric, wanted).execute();
  }

  private MeasuredRun measured(LogitMetric metric, List<HookPoint<?>> differentiated) {
    if (span.stop().isPresent()) {
      throw new IllegalStateException(
          "a metric needs the last layer but this run stops at layer "
              + span.stop().getAsInt()
              + "; leave stopAtLayer out");
    }
    return new MeasuredRun(
        model, interventions, sequences, span, computed(reads), differentiated, metric);
  }

  private List<HookPoint<?>> computed(List<? extends HookPointSet<?>> sets) {
    return interventions.catalog().ordered(sets).stream().filter(span::computed).toList();
  }

  private ForwardResult run() {
    List<HookPoint<?>> points = computed(reads);
    TokenBatch batch = TokenBatch.rightPadded(sequences.stream().map(TokenIds::toArray).toList());
    Columns columns = columns(sequences, batch);
    requireReadable(points, columns);
    Set<String> fetched = new HashSet<>();
    points.forEach(point -> fetched.add(point.name()));
    Key key =
        new Key(
            interventions.structure(),
            Set.copyOf(fetched),
            span.structure(),
            model.adapterInputs());
    if (span.stop().isEmpty()) {
      fetched.add(LOGITS);
    } else if (fetched.isEmpty()) {
      fetched.add(RESIDUAL);
    }
    try (GraphLease lease = model.engine().hooked(key, () -> build(key));
        OwnedTensors inputs = OwnedTensors.of(batch.tensors(model.engine()))) {
      span.put(model.engine().runtime(), batch, inputs);
      RunResult result =
          interventions.run(lease.graph(), model.feeds(inputs.asMap()), columns, Map.of(), fetched);
      return outcome(points, columns, model.engine().results().hold(result, fetched));
    }
  }

  private RunOutcome outcome(List<HookPoint<?>> points, Columns columns, HeldResult held) {
    LinkedHashMap<HookPoint<?>, Supplier<Activation>> activations = new LinkedHashMap<>();
    for (HookPoint<?> point : points) {
      activations.put(point, kept(point.kind(), columns, held, point.name()));
    }
    @Nullable Supplier<Activation> logits =
        span.stop().isPresent() ? null : kept(HookKind.UNEMBED_OUT, columns, held, LOGITS);
    return new RunOutcome(logits, new RunCache(activations, sequences), held);
  }

  private Supplier<Activation> kept(
      HookKind kind, Columns columns, HeldResult held, String output) {
    return Activation.of(kind, held, output, RunShape.of(interventions.catalog(), kind, columns));
  }

  private void requireReadable(List<HookPoint<?>> points, Columns columns) {
    points.forEach(
        point -> RunShape.requireReadable(interventions.catalog(), point.kind(), columns));
    if (span.stop().isEmpty()) {
      RunShape.requireReadable(interventions.catalog(), HookKind.UNEMBED_OUT, columns);
    }
  }

  private GraphModel build(Key key) {
    Ops ops = new Ops(new Graph(ElementType.FLOAT));
    DecoderGraph decoder =
        new DecoderGraph(
            ops,
            model.engine().architecture(),
            AttentionKind.MASKED,
            model.training(),
            interventions.tap(ops, key.reads(), Set.of()));
    Value residual = LayerSpan.emit(key.span(), decoder, interventions.catalog().layers());
    if (key.span().stop().isPresent()) {
      ops.graph().output(RESIDUAL, residual);
    } else {
      ops.graph().output(LOGITS, decoder.allLogits(decoder.finalNorm(residual)));
    }
    return ops.graph().toElementwiseModel();
  }

  /** Where the tokens of sequences that are run whole stand. */
  static Columns columns(List<TokenIds> sequences, TokenBatch batch) {
    int[] lengths = sequences.stream().mapToInt(TokenIds::size).toArray();
    long[] positions = new long[batch.batch() * batch.seq()];
    for (int i = 0; i < positions.length; i++) {
      int column = i % batch.seq();
      positions[i] = column < lengths[i / batch.seq()] ? column : -1;
    }
    return new Columns(
        batch.batch(),
        batch.seq(),
        batch.seq(),
        IntStream.range(0, batch.batch()).toArray(),
        lengths,
        positions,
        positions);
  }
}
