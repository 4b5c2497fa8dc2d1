package org.alignment4j.runtime.hook;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.alignment4j.api.hook.ActivationFunction;
import org.alignment4j.api.hook.HookCall;
import org.alignment4j.api.hook.HookKind;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.runtime.architecture.Tap;
import org.alignment4j.runtime.engine.Columns;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.alignment4j.runtime.engine.Instrumentation;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.NativeMemory;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.OwnedTensors;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;

/**
 * Edits of a model's activations, compiled into its graphs. Their numbers and masks are inputs, so
 * that edits of one structure share a graph. Immutable and thread-safe.
 *
 * <p>A Java function cannot be part of a graph. A run with n of them makes n further passes, each
 * up to the next function in the order of the forward pass, whose result the later passes set in
 * place. Where the sequences of a batch stand at different positions, as in generation from prompts
 * of different lengths, the function is called for each alone.
 */
public final class Interventions implements Instrumentation {

  private static final Set<HookKind> HEAD_INPUTS =
      Set.of(HookKind.ATTN_IN, HookKind.Q_INPUT, HookKind.K_INPUT, HookKind.V_INPUT);
  private static final Set<HookKind> FIRST_NORM =
      Set.of(HookKind.LN1_SCALE, HookKind.LN1_NORMALIZED);

  private final OrtRuntime runtime;
  private final HookCatalog catalog;
  private final List<PointEdit> edits;
  private final List<PointEdit.Structure> structures;

  private Interventions(OrtRuntime runtime, HookCatalog catalog, List<PointEdit> edits) {
    this.runtime = runtime;
    this.catalog = catalog;
    this.edits = List.copyOf(edits);
    this.structures = edits.stream().map(PointEdit::structure).toList();
  }

  /** No edits of models on an engine. */
  public static Interventions none(DecoderEngine engine) {
    return new Interventions(
        engine.runtime(), new HookCatalog(engine.architecture().config()), List.of());
  }

  /** The model's hook points. */
  public HookCatalog catalog() {
    return catalog;
  }

  /**
   * These edits followed by others.
   *
   * @throws IllegalArgumentException when the model lacks a point, an edit does not fit it, or a
   *     layer's first norm and the input of one of its heads are both to be changed
   */
  public Interventions with(List<? extends Intervention<?>> further) {
    List<PointEdit> all = new ArrayList<>(edits);
    for (Intervention<?> intervention : further) {
      for (HookPoint<?> point : catalog.require(intervention.points())) {
        Places places = new Places(catalog, point, intervention.selection());
        all.add(PointEdit.of(places, intervention.edit()));
      }
    }
    refuseNormWithHeadInputs(
        all.stream().<HookPoint<?>>map(PointEdit::point).toList(), "edits must not change");
    return new Interventions(runtime, catalog, all);
  }

  /**
   * These edits followed by others, for every call of a model.
   *
   * @throws IllegalArgumentException as {@link #with}, and when rows are counted from the last
   */
  public Interventions withAlways(List<? extends Intervention<?>> further) {
    Interventions longer = with(further);
    longer.edits.forEach(edit -> edit.places().requireRowsFromStart());
    return longer;
  }

  /**
   * A text equal for edits that do the same. A Java function is known by its name; without one it
   * is equal only to itself, in the same intervention.
   */
  public String identity() {
    Hasher hasher = Hashing.sha256().newHasher();
    edits.forEach(edit -> edit.identify(hasher));
    return hasher.hash().toString();
  }

  private static void refuseNormWithHeadInputs(List<HookPoint<?>> points, String rule) {
    for (HookPoint<?> norm : points) {
      for (HookPoint<?> input : points) {
        if (FIRST_NORM.contains(norm.kind())
            && HEAD_INPUTS.contains(input.kind())
            && norm.layer() == input.layer()) {
          throw new IllegalArgumentException(
              rule
                  + " both "
                  + norm
                  + " and "
                  + input
                  + ", since heads with inputs of their own have norms of their own; name one of"
                  + " them");
        }
      }
    }
  }

  /**
   * Checks that rows and positions named by edits exist in a forward run.
   *
   * @throws IllegalArgumentException when one does not
   */
  void requireWithin(int rows, int positions) {
    edits.forEach(edit -> edit.places().requireWithin(rows, positions));
  }

  @Override
  public Object structure() {
    return structures;
  }

  @Override
  public boolean isNone() {
    return edits.isEmpty();
  }

  @Override
  public Tap tap(Ops ops) {
    return tap(ops, Set.of(), Set.of());
  }

  /**
   * A tap that also makes hook points outputs, under their names.
   *
   * @param differentiated hook points whose gradients are wanted
   */
  GraphTap tap(Ops ops, Set<String> reads, Set<String> differentiated) {
    return new GraphTap(ops, structures, reads, differentiated);
  }

  /**
   * Checks that gradients with respect to hook points can be had.
   *
   * @throws IllegalArgumentException when a layer's first norm and the input of one of its heads
   *     are wanted or changed together
   * @throws IllegalStateException when a Java function changes activations
   */
  void requireDifferentiable(List<HookPoint<?>> points) {
    for (PointEdit edit : edits) {
      if (edit.form() == Form.CUSTOM) {
        throw new IllegalStateException(
            "gradients need edits that the engine can differentiate but a Java function changes "
                + edit.point()
                + "; give its values as an edit of another kind, such as replace");
      }
    }
    List<HookPoint<?>> all = new ArrayList<>(points);
    edits.forEach(edit -> all.add(edit.point()));
    refuseNormWithHeadInputs(all, "gradients and edits must not concern");
  }

  @Override
  public Map<String, Tensor> feeds(Columns columns) {
    return OwnedTensors.all(feeds -> put(columns, feeds));
  }

  private void put(Columns columns, OwnedTensors feeds) {
    for (int i = 0; i < edits.size(); i++) {
      PointEdit edit = edits.get(i);
      EditValue value = edit.value();
      if (value == null) {
        feeds.put(GraphTap.maskInput(i), nothing(edit, columns));
        int[] sizes = edit.valueSizes(columns);
        feeds.put(
            GraphTap.valueInput(i),
            Tensor.of(
                runtime,
                NativeMemory.floats(RunShape.product(sizes, Float.BYTES)),
                RunShape.wide(sizes)));
      } else {
        feeds.put(GraphTap.maskInput(i), mask(edit, columns));
        feeds.put(
            GraphTap.valueInput(i),
            Tensor.copyOf(runtime, value.at(columns), RunShape.wide(value.sizes(columns))));
      }
      for (int matrix = 0; matrix < edit.matrices().size(); matrix++) {
        feeds.put(GraphTap.matrixInput(i, matrix), edit.matrices().get(matrix).tensor(runtime));
      }
    }
  }

  private Tensor mask(PointEdit edit, Columns columns) {
    long[] shape = RunShape.wide(edit.places().sizes(columns));
    return Tensor.ofBooleans(runtime, edit.places().mask(columns), shape);
  }

  private Tensor nothing(PointEdit edit, Columns columns) {
    int[] sizes = edit.places().sizes(columns);
    return Tensor.ofBooleans(
        runtime, NativeMemory.bytes(RunShape.product(sizes, 1)), RunShape.wide(sizes));
  }

  @Override
  public RunResult run(
      CompiledGraph graph,
      Map<String, Tensor> feeds,
      Columns columns,
      Map<String, Tensor> pinned,
      Set<String> fetched) {
    try (OwnedTensors added = OwnedTensors.of(feeds(columns))) {
      Map<String, Tensor> all = new HashMap<>(feeds);
      all.putAll(added.asMap());
      for (int i : functionsInOrder()) {
        String present = GraphTap.presentOutput(i);
        if (graph.outputNames().contains(present)) {
          Map<String, Tensor> replaced = apply(i, graph, all, columns, present);
          added.putAll(replaced);
          all.putAll(replaced);
        }
      }
      return graph.run(all, pinned, fetched);
    }
  }

  private List<Integer> functionsInOrder() {
    return IntStream.range(0, edits.size())
        .filter(i -> edits.get(i).form() == Form.CUSTOM)
        .boxed()
        .sorted(Comparator.comparingInt(i -> catalog.order(edits.get(i).point())))
        .toList();
  }

  private Map<String, Tensor> apply(
      int number, CompiledGraph graph, Map<String, Tensor> feeds, Columns columns, String present) {
    PointEdit edit = edits.get(number);
    Activation before;
    try (RunResult result = graph.run(feeds, Map.of(), Set.of(present))) {
      HookKind kind = edit.point().kind();
      before = Activation.of(kind, result.get(present), RunShape.of(catalog, kind, columns));
    }
    Activation after = changed(edit, before, columns);
    return OwnedTensors.all(
        made -> {
          made.put(GraphTap.maskInput(number), mask(edit, columns));
          made.put(GraphTap.valueInput(number), after.tensor(runtime));
        });
  }

  /** One call for the batch, or one for each row where rows stand at different positions. */
  private static Activation changed(PointEdit edit, Activation before, Columns columns) {
    ActivationFunction function = Objects.requireNonNull(edit.function());
    long[] first = new long[columns.batch()];
    Arrays.setAll(first, row -> Math.max(0, columns.positions()[row * columns.seq()]));
    if (Arrays.stream(first).distinct().count() == 1) {
      return before.changedBy(function, call(edit, first[0], columns.promptLengths()));
    }
    List<Activation> rows = new ArrayList<>();
    for (int row = 0; row < first.length; row++) {
      HookCall call = call(edit, first[row], columns.promptLengths()[row]);
      rows.add(before.row(row).changedBy(function, call));
    }
    return Activation.ofRows(rows);
  }

  private static HookCall call(PointEdit edit, long firstPosition, int... promptLengths) {
    return new HookCall(edit.point(), (int) firstPosition, ImmutableIntArray.copyOf(promptLengths));
  }
}
