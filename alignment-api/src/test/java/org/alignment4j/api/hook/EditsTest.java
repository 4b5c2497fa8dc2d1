package org.alignment4j.api.hook;

import static org.alignment4j.api.hook.Edits.add;
import static org.alignment4j.api.hook.Edits.zero;
import static org.alignment4j.api.hook.HookPoints.residPost;
import static org.alignment4j.api.hook.HookPoints.z;
import static org.alignment4j.api.hook.Layers.all;
import static org.alignment4j.api.hook.Selectors.head;
import static org.alignment4j.api.hook.Selectors.pos;
import static org.alignment4j.api.hook.Selectors.posFrom;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringWriter;
import java.net.URI;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EditsTest {

  @Test
  void bothFormsGiveTheSameIntervention() {
    assertThat(Intervention.at(z(5), zero(head(3), pos(-1))))
        .isEqualTo(zero(z(5), head(3), pos(-1)));
  }

  @Test
  void interventionCarriesPlainData() {
    Values direction = Values.vector(1, 2);

    Intervention<Axes.Residual> steer = add(residPost(all()), direction, 1.5, posFrom(-1));

    assertThat(steer.edit()).isEqualTo(new Edit.Add(Values.vector(1, 2), 1.5));
    assertThat(steer.selection().along(Axis.POSITION)).contains(Indices.from(-1));
    assertThat(steer.selection().along(Axis.COMPONENT)).isEmpty();
  }

  @Test
  void oneAxisIsSelectedOnce() {
    assertThatThrownBy(() -> zero(z(0), head(1), head(2)))
        .hasMessageContaining("each axis once but head was named twice");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "zero(z(5), head(3))|true",
        "zero(residPost(5), head(3))|false",
        "Intervention.at(residPost(5), zero(head(3)))|false",
        "Intervention.at(residPost(5), zero(pos(-1)))|true",
        "zero(k(5), head(3))|false",
        "zero(k(5), kvHead(3))|true",
        "zero(pattern(5), pos(3))|false",
        "zero(pattern(5), head(1), query(3), key(0))|true",
        "zero(mlpPost(5), neuron(3), pos(0))|true",
        "zero(attnOut(5), neuron(3))|false",
        "zero(unembedOut(), token(3))|true"
      })
  void selectorsThatDoNotFitDoNotCompile(String expression, boolean compiles) {
    assertThat(compiles(expression)).isEqualTo(compiles);
  }

  private static boolean compiles(String expression) {
    String source =
        "import org.alignment4j.api.hook.*;"
            + "import static org.alignment4j.api.hook.Edits.*;"
            + "import static org.alignment4j.api.hook.HookPoints.*;"
            + "import static org.alignment4j.api.hook.Selectors.*;"
            + "class Sketch { Object edit() { return "
            + expression
            + "; } }";
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    return compiler
        .getTask(
            new StringWriter(),
            null,
            diagnostic -> {},
            List.of("-proc:none", "-Xlint:none", "-cp", System.getProperty("java.class.path")),
            null,
            List.of(
                new SimpleJavaFileObject(
                    URI.create("string:///Sketch.java"), SimpleJavaFileObject.Kind.SOURCE) {
                  @Override
                  public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                    return source;
                  }
                }))
        .call();
  }

  @Test
  void directionsMustHaveALength() {
    assertThatThrownBy(() -> new Edit.ProjectOut(Values.vector(0, 0)))
        .hasMessageContaining("positive, finite length");
    assertThatThrownBy(() -> new Edit.ProjectOut(Values.scalar(1)))
        .hasMessageContaining("must be a vector");
    assertThatThrownBy(() -> new Edit.Scale(Double.NaN))
        .hasMessage("factor must be finite but was NaN");
  }

  @Test
  void matricesMustFitTheirVectors() {
    Values two = Values.vector(1, 2);
    Values square = Values.of(new int[] {2, 2}, new float[4]);
    assertThatThrownBy(() -> new Edit.Affine(square, Values.vector(1, 2, 3)))
        .hasMessage("weight must be a matrix of shape [3, 3] but was Values[2, 2]");
    assertThatThrownBy(() -> new Edit.Affine(square, square))
        .hasMessage("offset must be a vector but was Values[2, 2]");
    assertThatThrownBy(
            () ->
                new Edit.Affine(Values.of(new int[] {2, 2}, new float[] {1, 2, Float.NaN, 4}), two))
        .hasMessage("weight must be finite but element 2 was NaN");
    Values down = Values.of(new int[] {2, 1}, new float[2]);
    assertThatThrownBy(() -> new Edit.LowRank(two, down, down))
        .hasMessage("up must be a matrix of shape [1, 2] but was Values[2, 1]");
    assertThatThrownBy(() -> new Edit.LowRank(two, two, down))
        .hasMessage("down must be a matrix of shape [2, 1] but was Values[2]");
    assertThat(new Edit.LowRank(two, down, Values.of(new int[] {1, 2}, new float[2])).up().size())
        .isEqualTo(2);
  }

  @Test
  void valuesHaveShapeAndContent() {
    float[] data = {1, 2, 3, 4, 5, 6};
    Values values = Values.of(new int[] {2, 3}, data);
    data[0] = 99;

    assertThat(values).isEqualTo(Values.of(new int[] {2, 3}, new float[] {1, 2, 3, 4, 5, 6}));
    assertThat(values).isNotEqualTo(Values.of(new int[] {3, 2}, values.toArray()));
    assertThat(values.get(1, 0)).isEqualTo(4);
    assertThat(Values.scalar(7).get()).isEqualTo(7);
    assertThatThrownBy(() -> values.get(0, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> Values.of(new int[] {2, 2}, new float[3]))
        .hasMessage("data must have the 4 numbers of shape [2, 2] but had 3");
    assertThatThrownBy(Values::vector).hasMessageContaining("positive lengths only");
  }

  @Test
  void valuesBroadcastFromTheLastAxis() {
    Values values = Values.of(new int[] {1, 3}, new float[3]);

    assertThat(values.broadcastsTo(4, 2, 3)).isTrue();
    assertThat(values.broadcastsTo(3, 2)).isFalse();
    assertThat(values.broadcastsTo(3)).isFalse();
    assertThat(Values.scalar(1).broadcastsTo(5, 5)).isTrue();
  }
}
