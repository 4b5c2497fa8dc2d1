package org.alignment4j.runtime.architecture;

import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.alignment4j.runtime.architecture.DecoderConfig.LearnedPositions;
import org.alignment4j.runtime.architecture.DecoderConfig.Norm;
import org.alignment4j.runtime.architecture.ParameterNames.Extra;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;

/**
 * Emits a decoder's forward pass into a graph: every family, every use. Inputs are named by {@link
 * GraphNames} and by the checkpoint's parameter names; a {@link Tap} sees the hook points.
 *
 * <p>Activations are kept as {@code [batch·seq, dModel]} between operations.
 */
public final class DecoderGraph {

  /**
   * What is trained.
   *
   * @param weights tells by name which checkpoint parameters are
   * @param loraTargets linear weights that gain LoRA inputs
   * @param loraTrainable whether the LoRA inputs are trained
   * @param loraInput gives what the low-rank product of a linear weight reads, {@code [rows, in]},
   *     from the weight's name and what the weight itself reads
   * @param loraGains which outputs of LoRA targets are rescaled
   */
  public record Training(
      Predicate<String> weights,
      Set<String> loraTargets,
      boolean loraTrainable,
      BiFunction<String, Value, Value> loraInput,
      Gains loraGains) {

    public Training {
      loraTargets = Set.copyOf(loraTargets);
    }

    /** No output is rescaled. */
    public Training(
        Predicate<String> weights,
        Set<String> loraTargets,
        boolean loraTrainable,
        BiFunction<String, Value, Value> loraInput) {
      this(weights, loraTargets, loraTrainable, loraInput, Gains.none());
    }

    /** The low-rank products read what their weights read. */
    public Training(Predicate<String> weights, Set<String> loraTargets, boolean loraTrainable) {
      this(weights, loraTargets, loraTrainable, (weight, x) -> x);
    }

    /** Nothing trained, no LoRA inputs. */
    public static Training none() {
      return new Training(name -> false, Set.of(), false);
    }
  }

  /**
   * Adapted linear weights whose outputs are rescaled one by one (DoRA, Liu et al. 2024, eq. 5).
   *
   * @param targets some of the LoRA targets
   * @param given whether the graph reads the gains; else it reads magnitudes, which are trained as
   *     the LoRA inputs are, and divides them by the norms of the adapted rows, through which no
   *     gradient flows (section 4.3)
   */
  public record Gains(Set<String> targets, boolean given) {
    public Gains {
      targets = Set.copyOf(targets);
    }

    /** No output is rescaled. */
    public static Gains none() {
      return new Gains(Set.of(), false);
    }
  }

  /**
   * Under this name a {@link Tap} sees the tokens' rows of the embedding table as they lie there,
   * {@code [batch, seq, embeddingSize]}, before they are scaled, projected or normalised.
   */
  public static final String TOKEN_ROWS = "token_rows";

  private final Graph graph;
  private final Ops ops;
  private final DecoderConfig config;
  private final ParameterNames names;
  private final Parameters parameters;
  private final AttentionBlock attention;
  private final MlpBlock mlp;
  private final HeadBlock head;
  private final Norms norms;
  private final Tap tap;
  private final Layout layout;

  /**
   * Starts a forward pass.
   *
   * @param ops emits into the graph
   * @param architecture what to build
   * @param kind how attention is computed
   * @param training what is trained
   * @param tap sees hook points
   */
  public DecoderGraph(
      Ops ops, Architecture architecture, AttentionKind kind, Training training, Tap tap) {
    this.ops = ops;
    this.graph = ops.graph();
    this.config = architecture.config();
    this.names = architecture.names();
    this.tap = tap;
    this.parameters = new Parameters(ops, architecture, training);
    this.layout = new Layout(ops, tap, config);
    this.norms = new Norms(ops, architecture, parameters, layout, tap);
    this.attention = new AttentionBlock(ops, architecture, kind, parameters, layout, tap);
    this.mlp = new MlpBlock(ops, architecture, parameters, layout);
    this.head = new HeadBlock(ops, architecture, parameters);
  }

  /**
   * Emits everything up to the last block's residual stream.
   *
   * @return {@code [batch·seq, dModel]}
   */
  public Value residual() {
    return residualAfter(config.layers());
  }

  /**
   * Products with every row of the embedding table: what a gradient of the tokens' rows is as one
   * of their one-hot vectors.
   *
   * @param rows {@code [n, embeddingSize]}
   * @return {@code [n, vocab]}
   */
  public Value timesTokenTable(Value rows) {
    return parameters.project(
        rows, names.tokenEmbedding(), config.vocabSize(), config.embeddingSize(), null);
  }

  /** The residual stream after the first {@code blocks} blocks: a truncated pass. */
  public Value residualAfter(int blocks) {
    return blocks(embedding(), 0, blocks);
  }

  /**
   * The residual stream after some blocks of which the first reads the input {@link
   * GraphNames#STREAM}: a pass without its beginning.
   *
   * @param first the first block
   * @param end the first block that is left out again
   * @return {@code [batch·seq, dModel]}
   */
  public Value residualBetween(int first, int end) {
    attention.declareInputs();
    long d = config.hiddenSize();
    Value stream =
        graph.parameter(GraphNames.STREAM, Shape.of(Layout.BATCH, Layout.SEQ, Dim.of(d)), false);
    return blocks(layout.flat(stream, d), first, end);
  }

  private Value blocks(Value stream, int first, int end) {
    Value x = stream;
    for (int layer = first; layer < end; layer++) {
      int number = layer;
      x = graph.section(x, input -> block(number, input));
    }
    return x;
  }

  private Value embedding() {
    Shape ids = Shape.of(Layout.BATCH, Layout.SEQ);
    Value tokens = graph.input(GraphNames.TOKENS, ElementType.INT64, ids);
    attention.declareInputs();
    long d = config.hiddenSize();
    long width = config.embeddingSize();
    Value x = parameters.rows(names.tokenEmbedding(), config.vocabSize(), width, tokens);
    x = tap(TOKEN_ROWS, x);
    double scale = config.variations().embeddingScale();
    if (scale != 1) {
      x = ops.scale(x, scale);
    }
    DecoderOptions options = config.options();
    if (options.embeddingSize().isPresent()) {
      String in = names.extra(Extra.EMBEDDING_PROJECTION);
      x = parameters.linear(layout.flat(x, width), in, null, width, d);
    }
    if (options.embeddingNorm()) {
      x = norms.embedding(layout.flat(x, d));
    }
    if (tap.wants(HookNames.EMBED)) {
      x = tap.at(HookNames.EMBED, ops.reshape(x, Shape.of(Layout.BATCH, Layout.SEQ, Dim.of(d))));
    }
    x = layout.flat(x, d);
    if (config.positions() instanceof LearnedPositions learned) {
      String name = java.util.Objects.requireNonNull(names.positionEmbedding());
      long rows = (long) learned.offset() + config.maxPositions();
      Value positionIds = ops.shiftIds(attention.positions(), learned.offset());
      Value p = tap(HookNames.POS_EMBED, ops.embed(parameters.table(name, rows, d), positionIds));
      x = ops.add(x, layout.flat(p, d));
    }
    return x;
  }

  private Value block(int layer, Value input) {
    Value x = layout.tapResidual(HookNames.block(layer, "hook_resid_pre"), input);
    Value attended = attention.emit(layer, x, norms);
    Value carried = norms.carried(layer, Part.ATTENTION_NORM, x);
    if (config.parallelResidual()) {
      Value sum = ops.add(ops.add(attended, mlp.emit(layer, x, norms)), carried);
      return layout.tapResidual(HookNames.block(layer, "hook_resid_post"), sum);
    }
    Value mid = norms.added(layer, Part.ATTENTION_NORM, "ln1", ops.add(carried, attended));
    mid = layout.tapResidual(HookNames.block(layer, "hook_resid_mid"), mid);
    Value output = mlp.emit(layer, mid, norms);
    Value sum = ops.add(norms.carried(layer, Part.MLP_NORM, mid), output);
    Value out = norms.added(layer, Part.MLP_NORM, "ln2", sum);
    return layout.tapResidual(HookNames.block(layer, "hook_resid_post"), out);
  }

  /**
   * The final normalisation of rows of the residual stream, {@code [n, dModel]}; the rows
   * themselves where the decoder has none.
   */
  public Value finalNorm(Value x) {
    if (!config.options().finalNorm()) {
      return x;
    }
    return norms.emit(
        HookNames.LN_FINAL,
        x,
        names.finalNormWeight(),
        config.norm() == Norm.LAYER_NORM ? names.finalNormBias() : null);
  }

  /**
   * Rows of the residual stream that reach the head, by the inputs {@code rows} and its inverse.
   */
  public Value selectRows(Value x, boolean differentiable) {
    Value rows = graph.input(GraphNames.ROWS, ElementType.INT64, Shape.of(Layout.ROWS));
    if (!differentiable) {
      return ops.embed(x, rows);
    }
    Value inverse =
        graph.input(
            GraphNames.ROWS_INVERSE, ElementType.INT64, Shape.of(Dim.symbol("uses"), Layout.FLAT));
    return ops.gatherRows(x, rows, inverse);
  }

  /** Logits of normalised rows: {@code [n, dModel]} to {@code [n, vocab]}. */
  public Value logits(Value normalized) {
    return head.logits(normalized);
  }

  /** Logits of every position, {@code [batch, seq, vocab]}, passing the unembedding's hooks. */
  public Value allLogits(Value normalized) {
    Value in = layout.tapResidual(HookNames.UNEMBED_IN, normalized);
    Value out =
        ops.reshape(
            head.uncapped(in), Shape.of(Layout.BATCH, Layout.SEQ, Dim.of(config.vocabSize())));
    return head.capped(tap(HookNames.UNEMBED_OUT, out));
  }

  /**
   * Logits of the rows that the input {@code rows} names, {@code [rows, vocab]}, passing the hook
   * points after the last block. Those have a value of every column, so the rows are taken after
   * the last one that is wanted, and before the head where that is not the logits themselves.
   *
   * @param differentiable whether gradients flow through the choice, by the inverse of {@code rows}
   */
  public Value rowLogits(Value residual, boolean differentiable) {
    if (tap.wants(HookNames.UNEMBED_OUT)) {
      Value all = allLogits(finalNorm(residual));
      return selectRows(layout.flat(all, config.vocabSize()), differentiable);
    }
    if (HookNames.BEFORE_HEAD.stream().anyMatch(tap::wants)) {
      Value all = layout.tapResidual(HookNames.UNEMBED_IN, finalNorm(residual));
      return logits(selectRows(all, differentiable));
    }
    return logits(finalNorm(selectRows(residual, differentiable)));
  }

  /** Log-probability of each head row's label, {@code [rows]}. */
  public Value labelLogProbs(Value normalized) {
    return head.labelLogProbs(normalized, 1);
  }

  /**
   * What the architecture's head gives for rows that reach it: the log-probability of each row's
   * label, {@code [rows]}, or the scores of a sequence classifier, {@code [rows, labels]}.
   */
  public Value outputs(Value normalized) {
    return head.outputs(normalized, 1);
  }

  /**
   * What the architecture's head gives at a temperature, which divides the logits, for rows that
   * reach it.
   *
   * @param temperature positive; 1 is the head's own distribution
   * @return log-probability of each row's label, {@code [rows]}; at temperature 1 alone the scores
   *     of a sequence classifier, {@code [rows, labels]}
   * @throws IllegalArgumentException if the temperature is not 1 and the head scores sequences
   */
  public Value outputs(Value normalized, double temperature) {
    return head.outputs(normalized, temperature);
  }

  private Value tap(String hook, Value value) {
    return tap.wants(hook) ? tap.at(hook, value) : value;
  }
}
