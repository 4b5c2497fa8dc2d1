package org.alignment4j.core.report;

import static org.alignment4j.core.report.Plot.number;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Draws nodes level over level, the lowest at the bottom, and lines as wide as their weights. */
final class GraphSvg {

  private static final double STEP = 52;
  private static final double MARGIN = 24;
  private static final double NODE_HEIGHT = 20;
  private static final double LETTER = 7;
  private static final double WIDEST = 6;

  private record Place(double x, double y) {}

  private final Html html;
  private final Chart.Graph graph;

  GraphSvg(Html html, Chart.Graph graph) {
    this.html = html;
    this.graph = graph;
  }

  void draw() {
    TreeMap<Integer, List<Chart.Node>> levels = new TreeMap<>();
    graph.nodes().forEach(n -> levels.computeIfAbsent(n.level(), l -> new ArrayList<>()).add(n));
    double height = 2 * MARGIN + STEP * Math.max(0, levels.size() - 1) + NODE_HEIGHT;
    Map<String, Place> places = new HashMap<>();
    double y = height - MARGIN;
    for (List<Chart.Node> level : levels.values()) {
      double slot = (Plot.WIDTH - 2 * MARGIN) / level.size();
      for (int i = 0; i < level.size(); i++) {
        places.put(level.get(i).name(), new Place(MARGIN + (i + 0.5) * slot, y));
      }
      y -= STEP;
    }
    html.open(
        "svg",
        "viewBox",
        "0 0 " + number(Plot.WIDTH) + " " + number(height),
        "class",
        "plot",
        "role",
        "img",
        "aria-label",
        graph.title());
    double largest =
        graph.edges().stream().mapToDouble(edge -> Math.abs(edge.weight())).max().orElse(0);
    graph.edges().forEach(edge -> edge(edge, places, largest));
    graph.nodes().forEach(node -> node(node, places));
    html.close();
  }

  private void edge(Chart.Edge edge, Map<String, Place> places, double largest) {
    Place from = place(places, edge.from());
    Place to = place(places, edge.to());
    double share = largest > 0 ? Math.abs(edge.weight()) / largest : 0;
    double middle = (from.y() + to.y()) / 2;
    html.open(
        "path",
        "class",
        "edge " + (edge.weight() < 0 ? "below" : "above"),
        "d",
        "M%s %sC%s %s %s %s %s %s"
            .formatted(
                number(from.x()),
                number(from.y()),
                number(from.x()),
                number(middle),
                number(to.x()),
                number(middle),
                number(to.x()),
                number(to.y())),
        "stroke-width",
        number(0.6 + WIDEST * share),
        "stroke-opacity",
        Figures.significant(Math.round((0.25 + 0.6 * share) * 100) / 100.0));
    String label = edge.label().isEmpty() ? "" : " (" + edge.label() + ")";
    html.element(
        "title",
        edge.from() + " → " + edge.to() + label + ": " + Figures.significant(edge.weight()));
    html.close();
  }

  private static Place place(Map<String, Place> places, String name) {
    Place place = places.get(name);
    if (place == null) {
      throw new IllegalStateException("the node '" + name + "' has no place");
    }
    return place;
  }

  private void node(Chart.Node node, Map<String, Place> places) {
    Place place = place(places, node.name());
    double width = Math.max(26, 10 + LETTER * node.name().length());
    html.empty(
        "rect",
        "class",
        "node",
        "x",
        number(place.x() - width / 2),
        "y",
        number(place.y() - NODE_HEIGHT / 2),
        "width",
        number(width),
        "height",
        number(NODE_HEIGHT),
        "rx",
        "5");
    html.element(
        "text",
        node.name(),
        "class",
        "name",
        "x",
        number(place.x()),
        "y",
        number(place.y() + 4),
        "text-anchor",
        "middle");
  }
}
