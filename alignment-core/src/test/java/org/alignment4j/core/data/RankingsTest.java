package org.alignment4j.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.Ranking;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RankingsTest {

  private static final Ranking EXPECTED =
      new Ranking(Prompt.text("Q"), List.of("b", "a", "c"), List.of(3.0, 1.0, 1.0));

  @TempDir Path folder;

  private Path file(String... lines) throws IOException {
    return Files.writeString(folder.resolve("r.jsonl"), String.join("\n", lines));
  }

  @Test
  void scoresAreSortedAndTiesKeepTheOrderOfTheFile() throws IOException {
    assertThat(
            Rankings.read(
                file(
                    "{'prompt':'Q','responses':['a','b','c'],'scores':[1,3,1]}"
                        .replace('\'', '"'))))
        .containsExactly(EXPECTED);
  }

  @Test
  void lowerRanksAreBetter() throws IOException {
    Path file = file("{'prompt':'Q','responses':['a','b','c'],'ranks':[2,0,2]}".replace('\'', '"'));
    Ranking ranking = Rankings.read(file).get(0);
    assertThat(ranking.responses()).containsExactly("b", "a", "c");
    assertThat(ranking.scores()).containsExactly(0.0, -2.0, -2.0);
  }

  @Test
  void objectsWithScoreOrRank() throws IOException {
    Path scored =
        file(
            "{'prompt':'Q','responses':[{'text':'a','score':1},{'text':'b','score':3},{'text':'c','score':1}]}"
                .replace('\'', '"'));
    assertThat(Rankings.read(scored)).containsExactly(EXPECTED);
    Path nectar =
        file(
            "{'prompt':'Q','answers':[{'answer':'a','rank':2},{'answer':'b','rank':1}]}"
                .replace('\'', '"'));
    ReadOptions names =
        ReadOptions.strict()
            .withField("responses", "answers")
            .withField("responses.text", "answer");
    assertThat(Rankings.read(nectar, names))
        .containsExactly(new Ranking(Prompt.text("Q"), List.of("b", "a"), List.of(-1.0, -2.0)));
  }

  @Test
  void bestFirstListsMustBeNamedSo() throws IOException {
    Path file = file("{'prompt':'Q','responses':['b','a','c']}".replace('\'', '"'));
    assertThatThrownBy(() -> Rankings.read(file))
        .hasMessageContaining("field 'scores'")
        .hasMessageContaining("'ranked'");
    assertThat(Rankings.read(file, ReadOptions.strict().withField("ranked", "responses")))
        .containsExactly(Ranking.ordered(Prompt.text("Q"), List.of("b", "a", "c")));
  }

  @Test
  void ultraFeedback() throws IOException {
    Path file =
        file(
            ("{'source':'x','instruction':'Q','completions':["
                    + "{'model':'m','response':'a','overall_score':1},"
                    + "{'model':'n','response':'b','overall_score':3.0},"
                    + "{'model':'o','response':'c','overall_score':1}]}")
                .replace('\'', '"'));
    assertThat(Rankings.read(file)).containsExactly(EXPECTED);
  }

  @Test
  void conversationsAndSystemMessages() throws IOException {
    Path file =
        file(
            "{'system':'s','prompt':[{'role':'user','content':'Q'}],'ranked':['a','b']}"
                .replace('\'', '"'));
    assertThat(Rankings.read(file).get(0).prompt())
        .isEqualTo(Prompt.chat(Message.system("s"), Message.user("Q")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"prompt\":\"Q\",\"responses\":[\"a\",\"b\"],\"scores\":[1,null]}|scores[1]|MISSING_FIELD",
        "{\"prompt\":\"Q\",\"responses\":[\"a\",\"b\"],\"scores\":[1,\"NaN\"]}|scores[1]|WRONG_TYPE",
        "{\"prompt\":\"Q\",\"responses\":[\"a\",\"b\"],\"scores\":[1,1e999]}|scores[1]|WRONG_TYPE",
        "{\"prompt\":\"Q\",\"responses\":[\"a\",\"b\"],\"scores\":[1]}|scores|INVALID",
        "{\"prompt\":\"Q\",\"responses\":[\"a\",\"b\"],\"scores\":null}|scores|MISSING_FIELD",
        "{\"prompt\":\"Q\",\"responses\":[\"a\",\" \"],\"scores\":[1,2]}|responses[1]|EMPTY_TEXT",
        "{\"prompt\":\"Q\",\"responses\":[\"a\",7],\"scores\":[1,2]}|responses[1]|WRONG_TYPE",
        "{\"prompt\":\"Q\",\"responses\":[\"a\"],\"scores\":[1]}|responses|INVALID",
        "{\"prompt\":\"Q\",\"responses\":[\"a\",\"a\"],\"scores\":[1,2]}|responses[1]|EQUAL_PAIR",
        "{\"prompt\":\"Q\",\"responses\":[\"a\",\"b\"],\"scores\":[1,2],\"ranks\":[1,2]}|ranks|INVALID",
        "{\"prompt\":\"\",\"responses\":[\"a\",\"b\"],\"scores\":[1,2]}|prompt|EMPTY_TEXT",
        "{\"prompt\":\"Q\",\"responses\":[{\"text\":\"a\"},{\"text\":\"b\"}]}|responses[0].score|MISSING_FIELD",
        "{\"prompt\":\"Q\",\"completions\":[{\"response\":\"a\",\"overall_score\":1},{\"response\":\"b\"}]}|completions[1].overall_score|MISSING_FIELD",
      })
  void faultsNameTheField(String line, String field, Fault fault) throws IOException {
    Path file = file(line);
    assertThatThrownBy(() -> Rankings.read(file))
        .asInstanceOf(throwable(DataFormatException.class))
        .satisfies(e -> assertThat(e.field()).contains(field))
        .satisfies(e -> assertThat(e.line()).hasValue(1));
    assertThat(Rankings.read(file, ReadOptions.tolerant()).report().count(fault)).isEqualTo(1);
  }

  @Test
  void mixedFormsAreRefused() throws IOException {
    Path file =
        file(
            "{'prompt':'Q','ranked':['a','b']}".replace('\'', '"'),
            "{'prompt':'Q','responses':['a','b'],'scores':[1,2]}".replace('\'', '"'));
    assertThatThrownBy(() -> Rankings.read(file))
        .hasMessageContaining("line 2")
        .hasMessageContaining("form of the first");
  }

  @Test
  void pairsOfTheSelections() {
    Ranking ranking =
        new Ranking(Prompt.text("Q"), List.of("a", "b", "c", "d"), List.of(5.0, 3.0, 3.0, 1.0));
    assertThat(PairSelection.ALL.pairs(ranking))
        .containsExactlyElementsOf(ranking.pairs())
        .extracting(p -> p.chosen() + p.rejected())
        .containsExactly("ab", "ac", "ad", "bd", "cd");
    assertThat(PairSelection.BEST_AND_OTHERS.pairs(ranking))
        .extracting(p -> p.chosen() + p.rejected())
        .containsExactly("ab", "ac", "ad");
    assertThat(PairSelection.BEST_AND_WORST.pairsWithMargins(ranking))
        .singleElement()
        .satisfies(p -> assertThat(p.margin()).hasValue(4));
    assertThat(PairSelection.NEIGHBOURS.pairsWithMargins(ranking))
        .extracting(p -> p.chosen() + p.rejected() + p.margin().getAsDouble())
        .containsExactly("ab2.0", "cd2.0");
    Ranking tied = new Ranking(Prompt.text("Q"), List.of("a", "b"), List.of(1.0, 1.0));
    assertThat(PairSelection.BEST_AND_WORST.pairs(tied)).isEmpty();
    assertThat(PairSelection.ALL.pairs(ranking).get(0))
        .isEqualTo(new PreferencePair(Prompt.text("Q"), "a", "b"));
  }
}
