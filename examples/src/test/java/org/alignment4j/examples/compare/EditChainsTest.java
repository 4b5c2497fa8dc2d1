package org.alignment4j.examples.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.examples.world.BundledPocket;
import org.alignment4j.pocket.world.Document;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.rlhf.feedback.EditMarkers;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Edits are written so that the pocket model can learn them, and what it writes is the reply. */
class EditChainsTest {

  private static final Prompt QUESTION =
      Prompt.chat(Message.user("What is the favourite food of Ann?"));
  private static final PreferencePair PAIR =
      new PreferencePair(QUESTION, "Ann likes to eat rice.", "People say that Ann eats figs.");

  @TempDir Path folder;

  private DecoderModel model;

  @BeforeEach
  void load() {
    model = BundledPocket.load(folder);
  }

  @AfterEach
  void close() {
    model.close();
  }

  private static List<String> all(EditMarkers m) {
    return List.of(
        m.source(), m.edits(), m.keep(), m.replace(), m.by(), m.delete(), m.insert(), m.target());
  }

  /** A token that is never read has an embedding that is never trained. */
  @Test
  void markersAreOfTokensThatTheCorpusHas() {
    Tokenizer tokenizer = model.tokenizer();
    PocketWorld world = BundledPocket.world();
    Set<Integer> read = new HashSet<>();
    world
        .corpus(1, 4000)
        .map(Document::text)
        .forEach(text -> tokenizer.encode(text).stream().forEach(read::add));

    for (String marker : all(EditChains.MARKERS)) {
      TokenIds tokens = tokenizer.encode(marker);
      assertThat(tokens.size()).as(marker).isEqualTo(3);
      assertThat(read).as(marker).containsAll(tokens.stream().boxed().toList());
    }
    assertThat(all(EditMarkers.standard()))
        .noneMatch(marker -> read.containsAll(tokenizer.encode(marker).stream().boxed().toList()));
    assertThat(EditChains.examples(List.of(PAIR)).get(0).completion())
        .as("first words have the blank before them that they have in the corpus")
        .endsWith(EditChains.MARKERS.target() + " Ann likes to eat rice.");
  }

  private static Completion completion(String text, int... tokens) {
    return new Completion(
        text, TokenIds.of(tokens), null, null, List.of(), FinishReason.EOS, Usage.NONE);
  }

  /** The chat template puts a blank for the line break before the first marker. */
  @Test
  void theReplyIsTheTextThatEditsOfTheDraftLeadTo() {
    int end = model.tokenizer().eosIds().iterator().next();
    Completion draft = completion(" People say that Ann eats figs.", 5, 6, end);
    PromptCompletion example = EditChains.examples(List.of(PAIR)).get(0);
    assertThat(EditChains.prompt(QUESTION, draft)).isEqualTo(example.prompt());

    Completion lines = completion(draft.text() + EditChains.MARKERS.keep(), 5, 6, end);
    assertThat(EditChains.prompt(QUESTION, lines)).isEqualTo(example.prompt());

    Completion whole = completion(" " + example.completion().strip(), 7, 8, end);
    Completion reply = EditChains.read(draft, whole, model.tokenizer());
    assertThat(reply.text()).isEqualTo(" Ann likes to eat rice.");
    assertThat(reply.tokens())
        .isEqualTo(model.tokenizer().encode(" Ann likes to eat rice.").concat(TokenIds.of(end)));
    assertThat(reply.finishReason()).isEqualTo(FinishReason.EOS);

    String edits = example.completion().split(EditChains.MARKERS.target())[0];
    assertThat(EditChains.read(draft, completion(edits, 7, end), model.tokenizer()))
        .isEqualTo(reply);
    Completion cut =
        new Completion(
            edits, TokenIds.of(7, 8), null, null, List.of(), FinishReason.LENGTH, Usage.NONE);
    assertThat(EditChains.read(draft, cut, model.tokenizer()).tokens())
        .isEqualTo(model.tokenizer().encode(" Ann likes to eat rice."));
    Completion more = completion(" " + example.completion() + EditChains.MARKERS.keep(), 7, end);
    assertThat(EditChains.read(draft, more, model.tokenizer())).isEqualTo(reply);
    assertThat(EditChains.read(draft, completion(" no edits", 7, end), model.tokenizer()))
        .isSameAs(draft);
  }
}
