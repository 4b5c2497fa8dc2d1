package org.alignment4j.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotBlank;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UniqueElements;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;

/** What is written to LangChain4j and read back is what it was: nothing is dropped on the way. */
final class SamplingOptionsRoundTripProperties {
  private static final RequestWriter WRITER =
      new RequestWriter("m", SeedPolicy.refused(), DefaultChatRequestParameters.EMPTY);
  private static final RequestReader READER =
      new RequestReader("m", SamplingOptions.builder(1).build());

  @Property
  void optionsComeBack(
      @ForAll @IntRange(min = 1, max = 100_000) int limit,
      @ForAll @DoubleRange(max = 2) double temperature,
      @ForAll @IntRange(max = 1000) int topK,
      @ForAll @DoubleRange(min = 0.01, max = 1) double topP,
      @ForAll @Size(max = 4) @UniqueElements List<@NotBlank String> stops) {
    SamplingOptions options =
        SamplingOptions.builder(limit)
            .temperature(temperature)
            .topK(topK)
            .topP(topP)
            .stopStrings(stops)
            .build();
    WRITER.check(options);

    assertThat(READER.options(WRITER.write(Prompt.text("x"), options, 0))).isEqualTo(options);
  }

  @Property
  void conversationsComeBack(
      @ForAll @NotBlank String system,
      @ForAll @Size(min = 1, max = 6) List<@NotBlank String> turns) {
    Prompt.Chat chat = Prompt.chat(Message.system(system));
    for (int i = 0; i < turns.size(); i++) {
      chat = chat.with(i % 2 == 0 ? Message.user(turns.get(i)) : Message.assistant(turns.get(i)));
    }

    assertThat(READER.prompt(WRITER.write(chat, SamplingOptions.greedy(3), 0))).isEqualTo(chat);
  }
}
