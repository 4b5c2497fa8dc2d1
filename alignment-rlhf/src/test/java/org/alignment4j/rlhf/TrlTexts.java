package org.alignment4j.rlhf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.PreferencePair;

/** For tests: the stories that runs of TRL saw, the first sentence as prompt. */
record TrlTexts(String prompt, String chosen, String rejected) {

  PreferencePair pair() {
    return new PreferencePair(Prompt.text(prompt), chosen, rejected);
  }

  static List<TrlTexts> read(int pairs) throws IOException {
    JsonNode stories =
        new ObjectMapper()
            .readTree(
                Files.readString(
                    SharedFiles.require("data/tinystories-sample/tinystories_1000.json")));
    List<TrlTexts> texts = new ArrayList<>();
    for (int i = 0; i < pairs; i++) {
      String[] story = sentences(stories.get(i));
      String[] other = sentences(stories.get(i + 20));
      texts.add(
          new TrlTexts(
              story[0], continuation(story, 2 + i % 3), continuation(other, 1 + i * 2 % 4)));
    }
    return texts;
  }

  private static String[] sentences(JsonNode story) {
    String text = story.isTextual() ? story.asText() : story.get("story").asText();
    return text.strip().split("(?<=[.!?])\\s+");
  }

  private static String continuation(String[] sentences, int count) {
    return " "
        + String.join(" ", List.of(sentences).subList(1, Math.min(sentences.length, 1 + count)));
  }
}
