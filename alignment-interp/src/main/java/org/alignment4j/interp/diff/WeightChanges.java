package org.alignment4j.interp.diff;

import com.google.common.primitives.ImmutableLongArray;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;
import org.apiguardian.api.API;

/**
 * Which weights changed between two checkpoints. A large change of weights need not matter for any
 * behaviour, nor a small one be without effect: {@link PartPatching} tells which carry it.
 *
 * @param before id of the model before
 * @param after id of the model after
 * @param tensors every tensor, in the order of computation
 * @param heads every head, by layer
 * @param neurons every neuron, by layer; none of layers with several MLPs
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record WeightChanges(
    String before,
    String after,
    List<TensorChange> tensors,
    List<HeadChange> heads,
    List<NeuronChange> neurons) {

  /** Copies. */
  public WeightChanges {
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(after, "after");
    tensors = List.copyOf(tensors);
    heads = List.copyOf(heads);
    neurons = List.copyOf(neurons);
  }

  /**
   * Each component's share of the squared change: {@code ‖Δ‖²} of its tensors over that of all, in
   * the order of computation. The shares sum to 1; all are 0 where nothing changed.
   */
  public Map<WeightPart, Double> shares() {
    Map<WeightPart, Double> squares = new LinkedHashMap<>();
    double all = 0;
    for (TensorChange tensor : tensors) {
      squares.merge(tensor.part(), tensor.change() * tensor.change(), Double::sum);
      all += tensor.change() * tensor.change();
    }
    double total = all;
    squares.replaceAll((part, square) -> total == 0 ? 0 : square / total);
    return squares;
  }

  /**
   * Of the heads whose circuits changed those that did most, by {@link HeadChange#greatest}, ties
   * in order.
   */
  public List<HeadChange> topHeads(int most) {
    return heads.stream()
        .filter(head -> head.greatest() != 0)
        .sorted(Comparator.comparingDouble(HeadChange::greatest).reversed())
        .limit(most)
        .toList();
  }

  /**
   * Of the neurons that changed those that did most, by {@link NeuronChange#whole}, ties in order.
   */
  public List<NeuronChange> topNeurons(int most) {
    return neurons.stream()
        .filter(neuron -> neuron.whole() != 0)
        .sorted(Comparator.comparingDouble(NeuronChange::whole).reversed())
        .limit(most)
        .toList();
  }

  /** The tensors that changed as a table, those that changed most for their size first. */
  public Table toTable() {
    List<List<Cell>> rows = new ArrayList<>();
    tensors.stream()
        .filter(tensor -> tensor.changed() > 0)
        .sorted(Comparator.comparingDouble(TensorChange::relative).reversed())
        .forEach(tensor -> rows.add(row(tensor)));
    return new Table(
        List.of(
            "tensor",
            "shape",
            "changed",
            "relative change",
            "greatest",
            "effective rank",
            "stable rank"),
        rows);
  }

  private static List<Cell> row(TensorChange tensor) {
    return List.of(
        Cell.text(tensor.name()),
        Cell.text(shape(tensor.shape())),
        Cell.count(tensor.changed()),
        number(tensor.relative()),
        number(tensor.greatest()),
        tensor.spectrum().map(s -> Cell.number(s.effectiveRank(), 1)).orElse(Cell.unknown()),
        tensor.spectrum().map(s -> Cell.number(s.stableRank(), 1)).orElse(Cell.unknown()));
  }

  private static String shape(ImmutableLongArray shape) {
    return String.join(" × ", shape.stream().mapToObj(Long::toString).toList());
  }

  private static Cell number(double value) {
    return Double.isFinite(value) ? Cell.number(value, 5) : Cell.text("from zeros");
  }

  /**
   * Tables of a report: tensors, and the heads and neurons that changed most.
   *
   * @param most heads and neurons shown
   */
  public List<Section> sections(int most) {
    Table ofHeads = Table.of("head", "query", "key", "value", "output", "QK", "OV");
    for (HeadChange head : topHeads(most)) {
      ofHeads =
          ofHeads.row(
              Cell.text(head.head().toString()),
              number(head.query()),
              number(head.key()),
              number(head.value()),
              number(head.output()),
              number(head.qk()),
              number(head.ov()));
    }
    Table ofNeurons = Table.of("neuron", "in", "gate", "out", "whole");
    for (NeuronChange neuron : topNeurons(most)) {
      ofNeurons =
          ofNeurons.row(
              Cell.text(neuron.neuron().toString()),
              number(neuron.in()),
              Double.isNaN(neuron.gate()) ? Cell.unknown() : number(neuron.gate()),
              number(neuron.out()),
              number(neuron.whole()));
    }
    long same = tensors.stream().filter(tensor -> tensor.changed() == 0).count();
    String note =
        same
            + " of "
            + tensors.size()
            + " tensors are the same in both models; relative change: Frobenius norm of the difference over that of the weights before, "
            + before
            + "; after: "
            + after;
    return List.of(
        new Section.Tabular("Weights that changed", toTable(), note),
        new Section.Tabular(
            "Heads that changed most", ofHeads, "QK, OV: the products, whatever their axes"),
        new Section.Tabular("Neurons that changed most", ofNeurons, ""));
  }
}
