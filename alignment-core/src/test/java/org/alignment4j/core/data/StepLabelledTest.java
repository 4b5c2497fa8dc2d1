package org.alignment4j.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.StepLabels;
import org.alignment4j.api.reward.StepwiseSolution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepLabelledTest {

  @TempDir Path folder;

  private Path file(String... lines) throws IOException {
    return Files.writeString(
        folder.resolve("s.jsonl"), String.join("\n", lines).replace('\'', '"'));
  }

  private static StepLabels labels(List<String> steps, double... labels) {
    return new StepLabels(
        new StepwiseSolution(Prompt.text("Q"), steps),
        Arrays.stream(labels)
            .mapToObj(l -> Double.isNaN(l) ? OptionalDouble.empty() : OptionalDouble.of(l))
            .toList());
  }

  @Test
  void stepwiseSupervision() throws IOException {
    assertThat(
            StepLabelled.read(
                file(
                    "{'prompt':'Q','completions':['a','b'],'labels':[true,false]}",
                    "{'prompt':'Q','completions':['a','b','c'],'labels':[1,0.25,null]}")))
        .containsExactly(
            labels(List.of("a", "b"), 1, 0), labels(List.of("a", "b", "c"), 1, 0.25, Double.NaN));
  }

  @Test
  void firstMistake() throws IOException {
    assertThat(
            StepLabelled.read(
                file(
                    "{'input':'Q','steps':['a','b','c'],'target':'x','mistake_index':1}",
                    "{'input':'Q','steps':['a','b'],'mistake_index':null}",
                    "{'input':'Q','steps':['a','b'],'mistake_index':0}")))
        .containsExactly(
            labels(List.of("a", "b", "c"), 1, 0, Double.NaN),
            labels(List.of("a", "b"), 1, 1),
            labels(List.of("a", "b"), 0, Double.NaN));
    assertThat(
            StepLabelled.read(
                file(
                    "{'problem':'Q','steps':['a','b'],'label':-1}",
                    "{'problem':'Q','steps':['a','b'],'label':1}")))
        .containsExactly(labels(List.of("a", "b"), 1, 1), labels(List.of("a", "b"), 1, 0));
  }

  @Test
  void ratedCompletions() throws IOException {
    Path file =
        file(
            "{'question':{'problem':'Q'},'label':{'steps':["
                + "{'completions':[{'text':'x','rating':-1},{'text':'a','rating':0,'flagged':null}],"
                + "'human_completion':null,'chosen_completion':1},"
                + "{'completions':[{'text':'y','rating':-1}],"
                + "'human_completion':{'text':'b','rating':null},'chosen_completion':null},"
                + "{'completions':[{'text':'c','rating':null}],'human_completion':null,'chosen_completion':0},"
                + "{'completions':[{'text':'d','rating':-1},{'text':'z','rating':1}],"
                + "'human_completion':null,'chosen_completion':null}],'finish_reason':'found_error'}}");
    assertThat(StepLabelled.read(file))
        .containsExactly(labels(List.of("a", "b", "c", "d"), 0.5, 1, Double.NaN, 0));
  }

  /** A flagged step stays in the solution, whoever wrote it, but its rating is none. */
  @Test
  void flaggedStepsAreNotJudged() throws IOException {
    Path file =
        file(
            "{'question':{'problem':'Q'},'label':{'steps':["
                + "{'completions':[{'text':'a','rating':1,'flagged':false}],'chosen_completion':0},"
                + "{'completions':[{'text':'b','rating':-1,'flagged':true}],'chosen_completion':0},"
                + "{'completions':[],'human_completion':{'text':'c','rating':null,'flagged':true}},"
                + "{'completions':[{'text':'d','rating':-1,'flagged':true}]}]}}");
    assertThat(StepLabelled.read(file))
        .containsExactly(
            labels(List.of("a", "b", "c", "d"), 1, Double.NaN, Double.NaN, Double.NaN));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'prompt':'Q','completions':['a','b'],'labels':[true]}|labels|INVALID",
        "{'prompt':'Q','completions':['a','b'],'labels':[true,-1]}|labels[1]|WRONG_TYPE",
        "{'prompt':'Q','completions':['a','b'],'labels':[true,'yes']}|labels[1]|WRONG_TYPE",
        "{'prompt':'Q','completions':['a',''],'labels':[true,true]}|completions[1]|EMPTY_TEXT",
        "{'prompt':'Q','completions':[],'labels':[]}|completions|EMPTY_TEXT",
        "{'prompt':'Q','completions':['a']}|labels|MISSING_FIELD",
        "{'input':'Q','steps':['a'],'mistake_index':1}|mistake_index|INVALID",
        "{'input':'Q','steps':['a'],'mistake_index':-1}|mistake_index|INVALID",
        "{'input':'Q','steps':['a'],'mistake_index':0.5}|mistake_index|WRONG_TYPE",
        "{'input':'Q','steps':['a']}|mistake_index|MISSING_FIELD",
        "{'problem':'Q','steps':['a'],'label':-2}|label|INVALID",
        "{'problem':'Q','steps':['a'],'label':1}|label|INVALID",
        "{'question':{'problem':'Q'},'label':{'steps':[]}}|label.steps|EMPTY_TEXT",
        "{'question':{'problem':'Q'},'label':{'steps':[{'completions':[{'text':'a','rating':2}],'chosen_completion':0}]}}|label.steps[0].completions[0].rating|INVALID",
        "{'question':{'problem':'Q'},'label':{'steps':[{'completions':[{'text':'a','flagged':3}],'chosen_completion':0}]}}|label.steps[0].completions[0].flagged|WRONG_TYPE",
        "{'question':{'problem':'Q'},'label':{'steps':[{'completions':[],'chosen_completion':0}]}}|label.steps[0].chosen_completion|INVALID",
      })
  void faultsNameTheField(String line, String field, Fault fault) throws IOException {
    Path file = file(line);
    assertThatThrownBy(() -> StepLabelled.read(file))
        .asInstanceOf(throwable(DataFormatException.class))
        .satisfies(e -> assertThat(e.field()).contains(field))
        .satisfies(e -> assertThat(e.line()).hasValue(1));
    assertThat(StepLabelled.read(file, ReadOptions.tolerant()).report().count(fault)).isEqualTo(1);
  }
}
