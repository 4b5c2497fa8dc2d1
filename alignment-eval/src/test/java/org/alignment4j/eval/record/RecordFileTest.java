package org.alignment4j.eval.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.provenance.ContentHash;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordFileTest {
  private static final RunKey KEY =
      new RunKey(
          "Tiny: QA (mc)",
          "2",
          ContentHash.of("data"),
          "model",
          Map.of("template", "plain"),
          OptionalLong.of(5),
          OptionalLong.empty());

  @TempDir Path folder;

  private static SampleRecord record() {
    Sample sample =
        new Sample(
            "s1",
            Prompt.chat(Message.system("be kind"), Message.user("why?\n\"so\"")),
            List.of("a", "b"),
            List.of("b"),
            "c",
            Map.of("line", "7"));
    Usage usage = new Usage(1, 2, 3, 4, 5, 6, Duration.ofMillis(7));
    Answer answer =
        new Answer(
            List.of(Completion.of("since 𝄞", FinishReason.STOP_STRING, usage)),
            List.of(
                new ContinuationScore(TokenIds.of(3, 4), LogProbs.of(-0.25, -0.5), true, 9, usage),
                new ContinuationScore(
                    TokenIds.of(3), LogProbs.of(Double.NEGATIVE_INFINITY), false, 0, usage)),
            usage);
    return SampleRecord.answered(
        sample,
        answer,
        Map.of(
            "mc1",
            new Score.Scored(0.1 + 0.2),
            "judge",
            new Score.Unscored("no verdict"),
            "toxicity",
            new Score.Failed("IOException: reset")));
  }

  @Test
  void anAnswerIsKeptWholeBeforeItIsScoredAndIsNoRecord() {
    Usage usage = new Usage(1, 2, 3, 4, 5, 6, Duration.ofMillis(7));
    Completion disclosed =
        new Completion(
            "since 𝄞",
            TokenIds.of(3, 4),
            LogProbs.of(-0.25, Double.NEGATIVE_INFINITY),
            null,
            List.of(),
            FinishReason.LENGTH,
            usage);
    Answer answer =
        new Answer(
            List.of(disclosed, Completion.of("", FinishReason.EOS, Usage.NONE)), List.of(), usage);
    try (RecordFile file = RecordFile.open(folder, KEY)) {
      file.putAnswer("s1", answer);
    }
    try (RecordFile file = RecordFile.open(folder, KEY)) {
      assertThat(file.answer("s1")).contains(answer);
      assertThat(file.answer("s2")).isEmpty();
      assertThat(file.get("s1")).isEmpty();
      file.forEach(
          sample -> {
            throw new AssertionError(sample);
          });
      assertThatThrownBy(
              () ->
                  file.putAnswer(
                      "s1",
                      new Answer(
                          List.of(),
                          List.of(
                              new ContinuationScore(
                                  TokenIds.of(3), LogProbs.of(-1), false, 0, usage)),
                          usage)))
          .hasMessageContaining("must be generated")
          .hasMessageContaining("'s1' has likelihoods");
    }
  }

  @Test
  void givesBackWhatWasPut() {
    SampleRecord sample = record();
    try (RecordFile file = RecordFile.open(folder, KEY)) {
      file.put(sample);
    }
    try (RecordFile file = RecordFile.open(folder, KEY)) {
      assertThat(file.get("s1")).contains(sample);
      assertThat(file.get("s2")).isEmpty();
      assertThat(file.path().getFileName().toString()).startsWith("tiny-qa-mc-").endsWith(".jsonl");
    }
    assertThat(sample.prompt()).isEqualTo("system: be kind\n\nuser: why?\n\"so\"");
    assertThat(sample.error()).isEqualTo("IOException: reset");
    assertThat(sample.failed()).isTrue();
    assertThat(sample.likelihoods().get(0)).isEqualTo(new RecordedLikelihood(-0.75, 2, true, 9));
  }

  @Test
  void theLastRecordOfASampleCounts() {
    SampleRecord sample = record();
    Sample asked = Sample.open("s1", Prompt.text("why?"), List.of());
    SampleRecord failed =
        SampleRecord.failed(asked, SampleRecord.NO_ANSWER, List.of("mc1"), "down");
    try (RecordFile file = RecordFile.open(folder, KEY)) {
      file.put(failed);
      file.put(sample);
      List<SampleRecord> all = new ArrayList<>();
      file.forEach(all::add);
      assertThat(all).containsExactly(sample);
    }
  }

  @Test
  void everyPartOfTheKeyMakesAFileOfItsOwn() {
    List<RunKey> others =
        List.of(
            KEY,
            key("3", "data", "model", Map.of("template", "plain"), OptionalLong.of(5), null),
            key("2", "other", "model", Map.of("template", "plain"), OptionalLong.of(5), null),
            key("2", "data", "other", Map.of("template", "plain"), OptionalLong.of(5), null),
            key("2", "data", "model", Map.of("template", "chat"), OptionalLong.of(5), null),
            key("2", "data", "model", Map.of("template", "plain"), OptionalLong.empty(), null),
            key("2", "data", "model", Map.of("template", "plain"), OptionalLong.of(5), 1L));
    assertThat(others.stream().map(RunKey::fileName)).doesNotHaveDuplicates();
  }

  private static RunKey key(
      String version,
      String data,
      String model,
      Map<String, String> parameters,
      OptionalLong limit,
      @Nullable Long seed) {
    return new RunKey(
        KEY.benchmark(),
        version,
        ContentHash.of(data),
        model,
        parameters,
        limit,
        seed == null ? OptionalLong.empty() : OptionalLong.of(seed));
  }

  @Test
  void brokenFieldsAreNamed() {
    SampleRecordCodec codec = new SampleRecordCodec();
    Map<String, @Nullable Object> fields = codec.encode(record());
    fields.put("cluster", 3L);
    assertThatThrownBy(() -> codec.decode(fields))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("field 'cluster' must be a string but was 3");
    fields.put("cluster", "c");
    fields.put("texts", List.of("text"));
    assertThatThrownBy(() -> codec.decode(fields))
        .hasMessageContaining("field 'texts' must hold objects but one was text");
    fields.remove("texts");
    assertThatThrownBy(() -> codec.decode(fields))
        .hasMessageContaining("field 'texts' must be a list but was null");
  }

  @Test
  void theFirstLineSaysWhatWasRun() throws Exception {
    try (RecordFile file = RecordFile.open(folder, KEY)) {
      file.put(record());
    }
    try (var lines = Files.lines(folder.resolve(KEY.fileName()))) {
      assertThat(lines.findFirst().orElseThrow())
          .contains("Tiny: QA (mc)")
          .contains("\"format\"")
          .contains("\"version\"")
          .contains(ContentHash.of("data").hex());
    }
  }
}
