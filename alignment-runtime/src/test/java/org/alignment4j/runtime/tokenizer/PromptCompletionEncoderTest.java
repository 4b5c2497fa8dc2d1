package org.alignment4j.runtime.tokenizer;

import static org.alignment4j.api.model.Message.assistant;
import static org.alignment4j.api.model.Message.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.SharedFiles;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PromptCompletionEncoderTest {

  private static HfTokenizer stories;
  private static HfTokenizer gpt2;

  @BeforeAll
  static void load() {
    stories = HfTokenizer.load(SharedFiles.require("models/stories260K"));
    gpt2 = HfTokenizer.load(SharedFiles.require("tokenizers/gpt2"));
  }

  @AfterAll
  static void close() {
    if (gpt2 != null) {
      stories.close();
      gpt2.close();
    }
  }

  private static PromptCompletionEncoder encoder(HfTokenizer tokenizer, boolean eos) {
    return new PromptCompletionEncoder(tokenizer, ChatTemplate.plain(), eos);
  }

  private static String mask(ConversationTokens tokens) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < tokens.ids().size(); i++) {
      if (tokens.isAssistant(i)) {
        text.append(gpt2.decode(TokenIds.of(tokens.ids().get(i))));
      }
    }
    return text.toString();
  }

  @Test
  void splitsTheJointEncoding() {
    PromptCompletionTokens tokens = encoder(gpt2, false).encode("The capital is", " Paris.");
    assertThat(tokens.ids()).isEqualTo(gpt2.encode("The capital is Paris."));
    assertThat(gpt2.decode(tokens.prompt())).isEqualTo("The capital is");
    assertThat(gpt2.decode(tokens.completion())).isEqualTo(" Paris.");
  }

  @Test
  void aTokenAcrossTheBoundaryFailsOrIsDropped() {
    PromptCompletionEncoder encoder = encoder(gpt2, false);
    assertThatThrownBy(() -> encoder.encode("The capital is ", "Paris."))
        .isInstanceOf(AlignmentException.class)
        .hasMessageContaining("token 3 of 4 straddles the boundary");
    assertThat(encoder.tryEncode("The capital is ", "Paris."))
        .isInstanceOf(EncodingOutcome.Dropped.class);
    assertThat(encoder.tryEncode("The capital is", ""))
        .isInstanceOfSatisfying(
            EncodingOutcome.Dropped.class, d -> assertThat(d.reason()).contains("was empty"));
  }

  @Test
  void bosIsAddedOnceAndEosBelongsToTheCompletion() {
    PromptCompletionTokens tokens = encoder(stories, true).encode("once upon", " a time");
    assertThat(tokens.ids().get(0)).isEqualTo(1);
    assertThat(tokens.ids().get(1)).isNotEqualTo(1);
    assertThat(tokens.completion().get(tokens.completion().size() - 1)).isEqualTo(2);
    PromptCompletionTokens written = encoder(stories, true).encode("<s>once upon", " a time</s>");
    assertThat(written.ids().stream().filter(id -> id == 1).count()).isEqualTo(1);
    assertThat(written.ids().stream().filter(id -> id == 2).count()).isEqualTo(1);
    assertThat(encoder(stories, false).encodePrompt(Prompt.text(""))).isEqualTo(TokenIds.of(1));
    assertThatThrownBy(() -> encoder(gpt2, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("appendEos must be false");
  }

  @Test
  void conversationsAreRenderedWithTheirAnswer() {
    PromptCompletionEncoder encoder = encoder(gpt2, false);
    PromptCompletionTokens tokens =
        encoder.encode(new PromptCompletion(Prompt.chat(user("Hi")), "Hello"));
    assertThat(gpt2.decode(tokens.prompt())).isEqualTo("\n\nHuman: Hi\n\nAssistant:");
    assertThat(gpt2.decode(tokens.completion())).isEqualTo(" Hello");
    PromptCompletionTokens continued =
        encoder.encode(new PromptCompletion(Prompt.chat(user("Hi"), assistant("Hello")), " there"));
    assertThat(gpt2.decode(continued.completion())).isEqualTo(" there");
    PromptCompletionTokens raw =
        encoder.encode(new PromptCompletion(Prompt.tokens(464, 3139), " is"));
    assertThat(raw.ids()).isEqualTo(TokenIds.of(464, 3139, 318));
    ChatTemplate refusing = ChatTemplate.of("{{ raise_exception('no') }}", SpecialTokens.none());
    assertThat(
            new PromptCompletionEncoder(gpt2, refusing, false)
                .tryEncode(new PromptCompletion(Prompt.chat(user("Hi")), "x")))
        .isEqualTo(new EncodingOutcome.Dropped("the chat template refused: no"));
  }

  @Test
  void assistantTokensAreMarked() {
    List<Message> messages =
        List.of(user("Hi 😀"), assistant("Good 😀 day"), user("Bye"), assistant("See you"));
    ConversationTokens plain = encoder(gpt2, false).encodeConversation(messages);
    assertThat(gpt2.decode(plain.ids()))
        .isEqualTo(
            "\n\nHuman: Hi 😀\n\nAssistant: Good 😀 day\n\nHuman: Bye\n\nAssistant: See you");
    IncrementalDecoder decoder = gpt2.incrementalDecoder();
    StringBuilder marked = new StringBuilder();
    for (int i = 0; i < plain.ids().size(); i++) {
      if (plain.isAssistant(i)) {
        marked.append(decoder.add(plain.ids().get(i)));
      }
    }
    assertThat(marked.append(decoder.finish()).toString()).isEqualTo(" Good 😀 day See you");
  }

  @Test
  void withoutMarksTheAssistantsTextIsWhatItsMessageAdds() {
    String source =
        "{% for m in messages %}<{{ m.role }}>{{ m.content }};{% endfor %}"
            + "{% if add_generation_prompt %}<assistant>{% endif %}";
    List<Message> messages = List.of(user("a b"), assistant("c d"), user("e"), assistant("f"));
    ChatTemplate unmarked = ChatTemplate.of(source, SpecialTokens.none());
    ConversationTokens tokens =
        new PromptCompletionEncoder(gpt2, unmarked, false).encodeConversation(messages);
    assertThat(mask(tokens)).contains("c d;").contains("f;").doesNotContain("e;");
    ChatTemplate rewriting =
        ChatTemplate.of("{{ messages|length }}{{ messages[-1].content }}", SpecialTokens.none());
    assertThatThrownBy(
            () -> new PromptCompletionEncoder(gpt2, rewriting, false).encodeConversation(messages))
        .isInstanceOf(AlignmentException.class)
        .hasMessageContaining("message 1 of the conversation");
  }
}
