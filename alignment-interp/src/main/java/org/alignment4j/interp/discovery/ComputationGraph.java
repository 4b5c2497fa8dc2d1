package org.alignment4j.interp.discovery;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.Variations.NormPlacement;
import org.apiguardian.api.API;

/**
 * The computation graph of a decoder (Elhage et al. 2021; Conmy et al. 2023): its parts, and an
 * edge from each to every input after it. The residual stream that an input reads is the sum of
 * what all parts before it wrote, and of biases.
 *
 * @param layers number of layers, positive
 * @param heads attention heads of a layer, positive
 * @param keyValueHeads key and value heads of a layer; a divisor of the heads
 * @param parallel whether attention and MLP of a layer read the same stream, so that no edge leads
 *     from the heads to the MLP beside them
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ComputationGraph(int layers, int heads, int keyValueHeads, boolean parallel) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when a number is not positive, or the key and value heads do
   *     not divide the heads
   */
  public ComputationGraph {
    if (layers < 1 || heads < 1 || keyValueHeads < 1 || heads % keyValueHeads != 0) {
      throw new IllegalArgumentException(
          "layers and heads must be positive, and key and value heads divide the heads, but there"
              + " were "
              + layers
              + " layers of "
              + heads
              + " heads and "
              + keyValueHeads
              + " key and value heads");
    }
  }

  /**
   * Returns the graph of a model.
   *
   * @param model the model
   * @return its graph
   * @throws IllegalArgumentException when the model's stream is not the sum of what its parts
   *     write, because it normalises what they add or the stream between them
   */
  public static ComputationGraph of(DecoderModel model) {
    DecoderConfig config = model.architecture().config();
    NormPlacement placement = config.variations().normPlacement();
    if (placement != NormPlacement.BEFORE && placement != NormPlacement.SHARED) {
      throw new IllegalArgumentException(
          "circuits need a residual stream that is the sum of what heads and MLPs write but a "
              + config.modelType()
              + " model normalises it on the way: "
              + placement);
    }
    return new ComputationGraph(
        config.layers(), config.heads(), config.kvHeads(), config.parallelResidual());
  }

  /**
   * Returns the parts that write, in the order of the forward pass: the input, and of each layer
   * its heads and its MLP.
   *
   * @return the parts
   */
  public List<Node> sources() {
    List<Node> sources = new ArrayList<>();
    sources.add(new Node.Input());
    for (int layer = 0; layer < layers; layer++) {
      for (int head = 0; head < heads; head++) {
        sources.add(new Node.Head(layer, head));
      }
      sources.add(new Node.Mlp(layer));
    }
    return sources;
  }

  /**
   * Returns the inputs that read, in the order of the forward pass: of each layer queries, keys,
   * values and MLP, and the logits.
   *
   * @return the inputs
   */
  public List<Port> ports() {
    List<Port> ports = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      add(ports, Port.Kind.QUERY, layer, heads);
      add(ports, Port.Kind.KEY, layer, keyValueHeads);
      add(ports, Port.Kind.VALUE, layer, keyValueHeads);
      ports.add(new Port(Port.Kind.MLP, layer, -1));
    }
    ports.add(new Port(Port.Kind.LOGITS, -1, -1));
    return ports;
  }

  private static void add(List<Port> ports, Port.Kind kind, int layer, int count) {
    for (int head = 0; head < count; head++) {
      ports.add(new Port(kind, layer, head));
    }
  }

  /**
   * Returns the edges, by port and then by source.
   *
   * @return every edge once
   */
  public List<Edge> edges() {
    List<Node> sources = sources();
    List<Edge> edges = new ArrayList<>();
    for (Port port : ports()) {
      for (int source = 0; source < sourcesBefore(port); source++) {
        edges.add(new Edge(sources.get(source), port));
      }
    }
    return edges;
  }

  /** How many sources there are. */
  int sourceCount() {
    return 1 + layers * (heads + 1);
  }

  /** How many ports there are. */
  int portCount() {
    return layers * portsOfLayer() + 1;
  }

  private int portsOfLayer() {
    return heads + 2 * keyValueHeads + 1;
  }

  /** How many of the sources a port reads: the first ones. */
  int sourcesBefore(Port port) {
    return switch (port.kind()) {
      case LOGITS -> sourceCount();
      case MLP -> 1 + port.layer() * (heads + 1) + (parallel ? 0 : heads);
      default -> 1 + port.layer() * (heads + 1);
    };
  }

  /**
   * Place of a part among the sources.
   *
   * @throws IllegalArgumentException when the graph has no such source
   */
  int index(Node source) {
    int index =
        source instanceof Node.Input
            ? 0
            : source instanceof Node.Head head && head.head() < heads && head.head() >= 0
                ? 1 + head.layer() * (heads + 1) + head.head()
                : source instanceof Node.Mlp mlp ? 1 + mlp.layer() * (heads + 1) + heads : -1;
    if (index < 0 || index >= sourceCount()) {
      throw new IllegalArgumentException("sources must be of " + this + " but one was " + source);
    }
    return index;
  }

  /**
   * Place of an input among the ports.
   *
   * @throws IllegalArgumentException when the graph has no such port
   */
  int index(Port port) {
    int layer = port.layer() * portsOfLayer();
    int size = port.kind() == Port.Kind.QUERY ? heads : keyValueHeads;
    boolean headed = port.kind() != Port.Kind.MLP && port.kind() != Port.Kind.LOGITS;
    boolean present =
        port.kind() == Port.Kind.LOGITS
            || (port.layer() >= 0
                && port.layer() < layers
                && (!headed || (port.head() >= 0 && port.head() < size)));
    if (!present) {
      throw new IllegalArgumentException("ports must be of " + this + " but one was " + port);
    }
    return switch (port.kind()) {
      case QUERY -> layer + port.head();
      case KEY -> layer + heads + port.head();
      case VALUE -> layer + heads + keyValueHeads + port.head();
      case MLP -> layer + heads + 2 * keyValueHeads;
      case LOGITS -> portCount() - 1;
    };
  }

  /**
   * Place of an edge: port times sources plus source.
   *
   * @throws IllegalArgumentException when the graph has no such edge
   */
  int index(Edge edge) {
    int source = index(edge.source());
    int port = index(edge.port());
    if (source >= sourcesBefore(edge.port())) {
      throw new IllegalArgumentException(
          "an edge must lead forward but " + edge + " does not in " + this);
    }
    return port * sourceCount() + source;
  }

  /**
   * Returns the parts that an input belongs to: several heads where they share keys and values.
   *
   * @param port the input
   * @return the parts
   */
  public List<Node> owners(Port port) {
    return switch (port.kind()) {
      case LOGITS -> List.of(new Node.Logits());
      case MLP -> List.of(new Node.Mlp(port.layer()));
      case QUERY -> List.of(new Node.Head(port.layer(), port.head()));
      case KEY, VALUE -> {
        int group = heads / keyValueHeads;
        List<Node> owners = new ArrayList<>();
        for (int head = port.head() * group; head < (port.head() + 1) * group; head++) {
          owners.add(new Node.Head(port.layer(), head));
        }
        yield owners;
      }
    };
  }
}
