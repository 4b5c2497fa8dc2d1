package org.alignment4j.core.report;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.evaluation.Estimate;
import org.apiguardian.api.API;

/** A chart, drawn as SVG with intervals. */
@API(status = API.Status.MAINTAINED, since = "0.1")
public sealed interface Chart {

  /** Returns what the chart shows, in one line. */
  String title();

  /**
   * Lines over a numeric axis: training curves, trade-offs.
   *
   * @param title what the chart shows
   * @param xLabel name and unit of the horizontal axis
   * @param yLabel name and unit of the vertical axis
   * @param series the lines
   */
  record Lines(String title, String xLabel, String yLabel, List<Series> series) implements Chart {
    /** Copies the series. */
    public Lines {
      Objects.requireNonNull(title, "title");
      series = List.copyOf(series);
    }

    /** Returns this chart with one more line. */
    public Lines with(String name, List<Point> points) {
      List<Series> more = new ArrayList<>(series);
      more.add(new Series(name, points));
      return new Lines(title, xLabel, yLabel, more);
    }
  }

  /**
   * Groups of bars with whiskers, from zero.
   *
   * @param title what the chart shows
   * @param yLabel name and unit of the vertical axis
   * @param groups names of the groups on the horizontal axis
   * @param bars the bars that each group has one of
   */
  record Bars(String title, String yLabel, List<String> groups, List<BarSeries> bars)
      implements Chart {
    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if bars have another length than the groups
     */
    public Bars {
      Objects.requireNonNull(title, "title");
      groups = List.copyOf(groups);
      bars = List.copyOf(bars);
      for (BarSeries bar : bars) {
        if (bar.estimates().size() != groups.size()) {
          throw new IllegalArgumentException(
              "bars '"
                  + bar.name()
                  + "' must have "
                  + groups.size()
                  + " estimates as there are groups but have "
                  + bar.estimates().size());
        }
      }
    }

    /** Returns this chart with one more bar in each group. */
    public Bars with(String name, List<Estimate> estimates) {
      List<BarSeries> more = new ArrayList<>(bars);
      more.add(new BarSeries(name, estimates));
      return new Bars(title, yLabel, groups, more);
    }
  }

  /**
   * A grid of coloured cells: one colour above zero, another below, the stronger the further from
   * it.
   *
   * @param title what the chart shows
   * @param xLabel what the columns are
   * @param yLabel what the rows are
   * @param columns names of the columns
   * @param rows names of the rows, top first
   * @param values by row and column; NaN leaves a gap
   */
  record HeatMap(
      String title,
      String xLabel,
      String yLabel,
      List<String> columns,
      List<String> rows,
      List<List<Double>> values)
      implements Chart {
    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if there is no cell, or the values are not one for each
     */
    public HeatMap {
      Objects.requireNonNull(title, "title");
      Objects.requireNonNull(xLabel, "xLabel");
      Objects.requireNonNull(yLabel, "yLabel");
      columns = List.copyOf(columns);
      rows = List.copyOf(rows);
      values = values.stream().map(List::copyOf).toList();
      if (columns.isEmpty() || rows.isEmpty()) {
        throw new IllegalArgumentException(
            "a heat map must have a cell but has "
                + rows.size()
                + " rows of "
                + columns.size()
                + " columns");
      }
      if (values.size() != rows.size()) {
        throw new IllegalArgumentException(
            "values must have " + rows.size() + " rows but have " + values.size());
      }
      for (int row = 0; row < rows.size(); row++) {
        if (values.get(row).size() != columns.size()) {
          throw new IllegalArgumentException(
              "values of row '"
                  + rows.get(row)
                  + "' must be "
                  + columns.size()
                  + " but are "
                  + values.get(row).size());
        }
      }
    }
  }

  /**
   * Nodes in levels, joined by lines as wide as their weights: one colour above zero, another
   * below.
   *
   * @param title what the chart shows
   * @param nodes the nodes
   * @param edges the lines, each from one node to another
   */
  record Graph(String title, List<Node> nodes, List<Edge> edges) implements Chart {
    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if two nodes have one name, or an edge names none of them
     */
    public Graph {
      Objects.requireNonNull(title, "title");
      nodes = List.copyOf(nodes);
      edges = List.copyOf(edges);
      Set<String> names = new HashSet<>();
      for (Node node : nodes) {
        if (!names.add(node.name())) {
          throw new IllegalArgumentException(
              "nodes must have names of their own but two are '" + node.name() + "'");
        }
      }
      for (Edge edge : edges) {
        for (String end : List.of(edge.from(), edge.to())) {
          if (!names.contains(end)) {
            throw new IllegalArgumentException(
                "an edge must join nodes of the graph but there is no node '" + end + "'");
          }
        }
      }
    }
  }

  /**
   * Rows of marks, each row on a scale of its own from its worst value to its best: what is better
   * stands further to the right, whatever its unit and direction.
   *
   * @param title what the chart shows
   * @param names names of the marks that each row has one of
   * @param rows the rows, top first
   */
  record Profile(String title, List<String> names, List<ProfileRow> rows) implements Chart {
    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if a row has not one mark for each name
     */
    public Profile {
      Objects.requireNonNull(title, "title");
      names = List.copyOf(names);
      rows = List.copyOf(rows);
      for (ProfileRow row : rows) {
        if (row.marks().size() != names.size()) {
          throw new IllegalArgumentException(
              "row '"
                  + row.label()
                  + "' must have "
                  + names.size()
                  + " marks as there are names but has "
                  + row.marks().size());
        }
      }
    }
  }

  /**
   * A row of a profile.
   *
   * @param group what the row belongs to; the first of each group stands below its name; may be
   *     empty
   * @param label what the row measures
   * @param chance where guessing stands, in [0, 1]; NaN for nowhere
   * @param marks the marks
   */
  record ProfileRow(String group, String label, double chance, List<Mark> marks) {
    /** Copies the marks. */
    public ProfileRow {
      Objects.requireNonNull(group, "group");
      Objects.requireNonNull(label, "label");
      marks = List.copyOf(marks);
    }
  }

  /**
   * A mark of a profile.
   *
   * @param at where it stands: 0 is the worst value, 1 the best; NaN for no mark
   * @param low where its interval begins, NaN for none
   * @param high where its interval ends, NaN for none
   * @param text the figure it stands for
   */
  record Mark(double at, double low, double high, String text) {
    /** Checks that nothing is missing. */
    public Mark {
      Objects.requireNonNull(text, "text");
    }
  }

  /**
   * A node of a graph.
   *
   * @param name its name, written in it
   * @param level how far from the bottom, from 0; nodes of one level stand side by side
   */
  record Node(String name, int level) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the level is negative
     */
    public Node {
      Objects.requireNonNull(name, "name");
      if (level < 0) {
        throw new IllegalArgumentException("level must not be negative but was " + level);
      }
    }
  }

  /**
   * A line between two nodes.
   *
   * @param from name of the node it starts at
   * @param to name of the node it ends at
   * @param weight how strong it is, finite
   * @param label what it is, shown on pointing at it; may be empty
   */
  record Edge(String from, String to, double weight, String label) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the weight is not finite
     */
    public Edge {
      Objects.requireNonNull(from, "from");
      Objects.requireNonNull(to, "to");
      Objects.requireNonNull(label, "label");
      if (!Double.isFinite(weight)) {
        throw new IllegalArgumentException("weight must be finite but was " + weight);
      }
    }
  }

  /**
   * A named line.
   *
   * @param name name in the legend
   * @param points points in drawing order; points with a coordinate that is not finite break the
   *     line
   */
  record Series(String name, List<Point> points) {
    /** Copies the points. */
    public Series {
      Objects.requireNonNull(name, "name");
      points = List.copyOf(points);
    }
  }

  /**
   * A named bar of each group.
   *
   * @param name name in the legend
   * @param estimates one for each group; NaN values leave a gap
   */
  record BarSeries(String name, List<Estimate> estimates) {
    /** Copies the estimates. */
    public BarSeries {
      Objects.requireNonNull(name, "name");
      estimates = List.copyOf(estimates);
    }
  }

  /**
   * A point with intervals in either direction.
   *
   * @param x horizontal coordinate
   * @param y vertical coordinate
   * @param xLow lower end of the horizontal interval, NaN for none
   * @param xHigh upper end of the horizontal interval, NaN for none
   * @param yLow lower end of the vertical interval, NaN for none
   * @param yHigh upper end of the vertical interval, NaN for none
   * @param label what is written beside the point; may be empty
   */
  record Point(
      double x, double y, double xLow, double xHigh, double yLow, double yHigh, String label) {
    /** Checks that nothing is missing. */
    public Point {
      Objects.requireNonNull(label, "label");
    }

    /** Returns a point without intervals. */
    public static Point of(double x, double y) {
      return new Point(x, y, Double.NaN, Double.NaN, Double.NaN, Double.NaN, "");
    }

    /** Returns a point whose height is an estimate. */
    public static Point of(double x, Estimate y) {
      return new Point(x, y.value(), Double.NaN, Double.NaN, y.ciLow(), y.ciHigh(), "");
    }

    /** Returns a point of which both coordinates are estimates, with a label. */
    public static Point of(Estimate x, Estimate y, String label) {
      return new Point(x.value(), y.value(), x.ciLow(), x.ciHigh(), y.ciLow(), y.ciHigh(), label);
    }

    boolean drawable() {
      return Double.isFinite(x) && Double.isFinite(y);
    }

    boolean hasYInterval() {
      return Double.isFinite(yLow) && Double.isFinite(yHigh);
    }

    boolean hasXInterval() {
      return Double.isFinite(xLow) && Double.isFinite(xHigh);
    }
  }
}
