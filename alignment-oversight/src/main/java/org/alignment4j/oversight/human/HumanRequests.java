package org.alignment4j.oversight.human;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.oversight.View;
import org.alignment4j.core.journal.RequestKey;
import org.alignment4j.core.judge.ReplyParser;
import org.apiguardian.api.API;

/**
 * What people are asked, as plain values (see {@link org.alignment4j.core.journal.PlainJson}), by
 * whose hash their answers are filed: equal requests are one, whatever the seed. Pure functions.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class HumanRequests {
  private static final String KIND = "kind";

  private HumanRequests() {}

  /** Returns the request for a turn. */
  public static Map<String, Object> turn(View view) {
    return fields("turn", view);
  }

  /** Returns the request for a verdict. */
  public static Map<String, Object> verdict(View view) {
    return fields("verdict", view);
  }

  /** Returns the request for a reply to a prompt. */
  public static Map<String, Object> reply(ReplyRequest asked) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put(KIND, "reply");
    request.put("prompt", RequestKey.plain(asked.prompt()));
    request.put("form", asked.form().map(ReplyParser::form).orElse(""));
    request.put("draw", asked.draw());
    return request;
  }

  private static Map<String, Object> fields(String kind, View view) {
    List<Object> turns = new ArrayList<>();
    view.turns()
        .forEach(
            turn ->
                turns.add(
                    Map.of(
                        "role",
                        turn.role(),
                        "round",
                        (long) turn.round(),
                        "text",
                        turn.visible())));
    Map<String, Object> request = new LinkedHashMap<>();
    request.put(KIND, kind);
    request.put("role", view.role());
    request.put("round", (long) view.round());
    request.put("instructions", view.instructions());
    request.put("question", view.question());
    request.put("options", view.options());
    request.put("material", view.material());
    request.put("turns", turns);
    return request;
  }
}
