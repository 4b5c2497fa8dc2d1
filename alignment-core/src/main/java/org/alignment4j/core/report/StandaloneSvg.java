package org.alignment4j.core.report;

import static org.alignment4j.core.report.Plot.number;

import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/**
 * A chart's drawing with title and legend, its classes replaced by the colours of bright pages:
 * many readers of SVG know no style sheets, none knows that of a report.
 *
 * @param xml the document
 * @param height at a width of {@link SvgChart#WIDTH}
 */
record StandaloneSvg(String xml, double height) {

  private static final String NAMESPACE = "http://www.w3.org/2000/svg";
  private static final double MARGIN = 12;
  private static final double TITLE = 30;
  private static final double LEGEND = 20;
  private static final double SWATCH = 26;
  private static final double LETTER = 7;
  private static final int MAX_TITLE = 64;
  private static final int MAX_NAME = 60;

  private static final String INK = "#1c2330";
  private static final String SOFT = "#535d6c";
  private static final String RULE = "#dfe3e8";
  private static final String PAPER = "#ffffff";
  private static final String OWN = "own";

  private static final Map<String, String> COLOURS =
      Map.ofEntries(
          Map.entry("c0", "#1761b8"),
          Map.entry("c1", "#c2540a"),
          Map.entry("c2", "#00805f"),
          Map.entry("c3", "#a23f86"),
          Map.entry("c4", "#7d6200"),
          Map.entry("c5", "#0a7f9c"),
          Map.entry("c6", "#454d5b"),
          Map.entry("c7", "#6a5acd"),
          Map.entry("above", "#1761b8"),
          Map.entry("below", "#c2540a"),
          Map.entry("over", INK));

  /** Attributes by class, names and values in turn; {@code own} is the colour of the series. */
  private static final Map<String, List<String>> STYLES =
      Map.ofEntries(
          Map.entry("grid", List.of("fill", "none", "stroke", RULE)),
          Map.entry("axis", List.of("fill", "none", "stroke", SOFT)),
          Map.entry(
              "line",
              List.of(
                  "fill", "none", "stroke", OWN, "stroke-width", "2", "stroke-linejoin", "round")),
          Map.entry("band", List.of("fill", OWN, "opacity", "0.18")),
          Map.entry("dot", List.of("fill", OWN, "stroke", PAPER, "stroke-width", "1.2")),
          Map.entry("bar", List.of("fill", OWN, "opacity", "0.85")),
          Map.entry(
              "whisker",
              List.of("fill", "none", "stroke", OWN, "stroke-width", "1.4", "opacity", "0.75")),
          Map.entry("cell", List.of("fill", OWN)),
          Map.entry("gap", List.of("fill", "none", "stroke", RULE)),
          Map.entry("chance", List.of("fill", "none", "stroke", SOFT, "stroke-dasharray", "3 3")),
          Map.entry("group", List.of("fill", INK, "font-weight", "bold")),
          Map.entry("edge", List.of("fill", "none", "stroke", OWN, "stroke-linecap", "round")),
          Map.entry("node", List.of("fill", PAPER, "stroke", SOFT)),
          Map.entry("name", List.of("fill", INK, "font-size", "11")),
          Map.entry("tag", List.of("fill", INK)));

  static StandaloneSvg of(Chart chart) {
    Html html = new Html();
    html.open("svg", "xmlns", NAMESPACE);
    html.element(
        "text",
        Plot.shortened(VisibleText.oneLine(chart.title()), MAX_TITLE),
        "x",
        number(MARGIN),
        "y",
        "22",
        "font-size",
        "15",
        "font-weight",
        "bold",
        "class",
        "title");
    double top = legend(html, chart);
    new SvgChart(html).draw(chart);
    Document document = parsed(html.close().fragment());
    Element root = document.getDocumentElement();
    NodeList drawings = root.getElementsByTagName("svg");
    Element plot = (Element) drawings.item(drawings.getLength() - 1);
    double height = top + place(plot, MARGIN / 2, top, Plot.WIDTH - MARGIN) + MARGIN / 2;
    root.setAttribute("viewBox", "0 0 " + number(Plot.WIDTH) + " " + number(height));
    root.setAttribute("width", number(Plot.WIDTH));
    root.setAttribute("height", number(height));
    style(root, INK);
    return new StandaloneSvg(text(document), height);
  }

  /** Writes names and keys of the series in rows; returns where the plot begins. */
  private static double legend(Html html, Chart chart) {
    List<String> names = SvgChart.names(chart);
    if (names.size() < 2) {
      return TITLE;
    }
    SvgChart svg = new SvgChart(html);
    double x = MARGIN;
    double y = TITLE;
    for (int i = 0; i < names.size(); i++) {
      String name = Plot.shortened(VisibleText.oneLine(names.get(i)), MAX_NAME);
      double width = SWATCH + 6 + LETTER * name.codePointCount(0, name.length()) + 14;
      if (x > MARGIN && x + width > Plot.WIDTH) {
        x = MARGIN;
        y += LEGEND;
      }
      html.open("g", "transform", "translate(" + number(x) + " " + number(y) + ")");
      svg.swatch(chart, i);
      html.element("text", name, "x", number(SWATCH + 6), "y", "11", "font-size", "12");
      html.close();
      x += width;
    }
    return y + LEGEND + 4;
  }

  /** Gives a drawing within the document its place; returns its height there. */
  private static double place(Element svg, double x, double y, double width) {
    String[] box = svg.getAttribute("viewBox").split(" ");
    double height = width * Double.parseDouble(box[3]) / Double.parseDouble(box[2]);
    svg.setAttribute("x", number(x));
    svg.setAttribute("y", number(y));
    svg.setAttribute("width", number(width));
    svg.setAttribute("height", number(height));
    return height;
  }

  private static void style(Element element, String inherited) {
    String colour = inherited;
    for (String name : element.getAttribute("class").split(" ")) {
      colour = COLOURS.getOrDefault(name, colour);
    }
    if (element.getTagName().equals("text")) {
      setAbsent(element, "font-family", "sans-serif");
    }
    for (String name : element.getAttribute("class").split(" ")) {
      List<String> style = STYLES.getOrDefault(name, List.of());
      for (int i = 0; i < style.size(); i += 2) {
        String value = style.get(i + 1);
        setAbsent(element, style.get(i), value.equals(OWN) ? colour : value);
      }
      if (name.equals("swatch")) {
        place(element, 0, 0, SWATCH);
      }
    }
    if (element.getTagName().equals("text")) {
      setAbsent(element, "fill", element.getAttribute("class").equals("title") ? INK : SOFT);
      setAbsent(element, "font-size", "13");
    }
    element.removeAttribute("class");
    element.removeAttribute("role");
    element.removeAttribute("aria-label");
    element.removeAttribute("aria-hidden");
    for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child instanceof Element inner) {
        style(inner, colour);
      }
    }
  }

  private static void setAbsent(Element element, String name, String value) {
    if (!element.hasAttribute(name)) {
      element.setAttribute(name, value);
    }
  }

  private static Document parsed(String xml) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setNamespaceAware(true);
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      return factory.newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    } catch (Exception e) {
      throw new IllegalStateException("a chart's drawing must be XML but is not: " + xml, e);
    }
  }

  private static String text(Document document) {
    try {
      Transformer transformer = TransformerFactory.newInstance().newTransformer();
      transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
      StringWriter out = new StringWriter();
      transformer.transform(new DOMSource(document), new StreamResult(out));
      return out + "\n";
    } catch (TransformerException e) {
      throw new IllegalStateException("cannot write a chart's drawing", e);
    }
  }
}
