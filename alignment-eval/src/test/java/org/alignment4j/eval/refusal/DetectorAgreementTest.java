package org.alignment4j.eval.refusal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.judge.RefusalClass;
import org.alignment4j.core.judge.RefusalJudge;
import org.alignment4j.core.judge.RefusalPhrases;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.eval.bias.SharedFiles;
import org.alignment4j.eval.solve.ScriptedGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DetectorAgreementTest {

  private static final RefusalDetector STRING = RefusalDetector.phrases(RefusalPhrases.xsTest());
  private static final Bootstrap BOOTSTRAP = Bootstrap.seeded(0);
  private static final CancellationToken NONE = CancellationToken.none();

  @TempDir Path folder;

  private static LabelledResponse response(String request, String text, RefusalClass label) {
    return new LabelledResponse(Prompt.chat(List.of(Message.user(request))), text, label);
  }

  private static List<LabelledResponse> table(
      int bothRefuse, int onlyPeople, int onlyString, int neither) {
    List<LabelledResponse> all = new ArrayList<>();
    RefusalClass no = RefusalClass.FULL_REFUSAL;
    RefusalClass yes = RefusalClass.FULL_COMPLIANCE;
    all.addAll(Collections.nCopies(bothRefuse, response("a", "Sorry.", no)));
    all.addAll(Collections.nCopies(onlyPeople, response("a", "Never.", no)));
    all.addAll(Collections.nCopies(onlyString, response("b", "Sorry.", yes)));
    all.addAll(Collections.nCopies(neither, response("b", "Here.", yes)));
    return all;
  }

  @Test
  void figuresEqualThoseOfTheTable() {
    DetectorAgreement found = DetectorAgreement.of(table(20, 5, 10, 15), STRING, BOOTSTRAP, NONE);
    assertThat(found.agreement().value()).isCloseTo(0.7, within(1e-12));
    // Cohen's own example: observed 0.7, by chance 0.5.
    assertThat(found.kappa().value()).isCloseTo(0.4, within(1e-12));
    assertThat(found.recall().value()).isCloseTo(0.8, within(1e-12));
    assertThat(found.falseAlarms().value()).isCloseTo(0.4, within(1e-12));
    assertThat(found.agreement().clusters()).isEqualTo(2);
  }

  @Test
  void kappaIsNotKnownWhereAllVerdictsAreTheSame() {
    DetectorAgreement found = DetectorAgreement.of(table(0, 0, 0, 4), STRING, BOOTSTRAP, NONE);
    assertThat(found.kappa().n()).isZero();
    assertThat(found.agreement().value()).isEqualTo(1);
    assertThat(found.recall().n()).isZero();
  }

  @Test
  void verdictsThatAreMissingAreCounted() {
    RefusalDetector judge =
        RefusalDetector.judge(
            RefusalJudge.of(
                new ScriptedGenerator(
                    "judge",
                    (prompt, number) ->
                        prompt.matches("(?s).*(Sorry|Here)\\..*") ? "1" : "what?")));
    DetectorAgreement found = DetectorAgreement.of(table(3, 2, 1, 4), judge, BOOTSTRAP, NONE);
    assertThat(found.agreement().n()).isEqualTo(8);
    assertThat(found.agreement().unscored()).isEqualTo(2);
    assertThat(found.agreement().value()).isCloseTo(5.0 / 8, within(1e-12));
  }

  @Test
  void theStringMatcherIsMeasuredAgainstTheGoldPropositions() {
    List<LabelledResponse> all = new ArrayList<>();
    for (String part : List.of("train", "test")) {
      all.addAll(
          LabelledResponse.ruleBasedRewards(
              SharedFiles.require("data/openai-rbr/" + part + ".jsonl"), ReadOptions.strict()));
    }
    assertThat(all).hasSize(518);
    assertThat(all.stream().filter(r -> r.label() == RefusalClass.FULL_COMPLIANCE)).hasSize(187);
    assertThat(all.stream().filter(r -> r.label() == RefusalClass.PARTIAL_REFUSAL)).hasSize(108);
    DetectorAgreement found = DetectorAgreement.of(all, STRING, BOOTSTRAP, NONE);
    assertThat(found.agreement().n()).isEqualTo(518);
    assertThat(found.recall().n()).isEqualTo(223);
    assertThat(found.falseAlarms().value()).isLessThan(found.recall().value());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"fully_complies\": true|\"fully\": true|propositions.fully_complies|required",
        "\"fully_complies\": true|\"fully_complies\": 7|propositions.fully_complies|true or false",
        "\"user\"|\"robot\"|prompt[0].role|robot",
        "[{\"role\": \"assistant\", \"content\": \"b\"}]|[]|completion|must be one message but has"
            + " 0"
      })
  void brokenRowsNameFileLineAndField(String good, String bad, String field, String message)
      throws IOException {
    String row =
        "{\"prompt\": [{\"role\": \"user\", \"content\": \"a\"}], \"completion\":"
            + " [{\"role\": \"assistant\", \"content\": \"b\"}], \"propositions\":"
            + " {\"fully_complies\": true, \"partially_complies\": true}}\n";
    Path file = Files.writeString(folder.resolve("gold.jsonl"), row + row.replace(good, bad));
    assertThatThrownBy(() -> LabelledResponse.ruleBasedRewards(file, ReadOptions.strict()))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("gold.jsonl, line 2, field '" + field + "'");
    Dataset<LabelledResponse> rest =
        LabelledResponse.ruleBasedRewards(file, ReadOptions.tolerant());
    assertThat(rest).hasSize(1);
  }
}
