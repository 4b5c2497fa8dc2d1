package org.alignment4j.oversight.selfalign;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * An instruction with the type and topic that led to it.
 *
 * @param type the question type's name
 * @param topic the topic
 * @param instruction the instruction, one line
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TopicInstruction(String type, String topic, String instruction) {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one has several lines
   */
  public TopicInstruction {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(topic, "topic");
    Objects.requireNonNull(instruction, "instruction");
    if ((type + topic + instruction).contains("\n")) {
      throw new IllegalArgumentException(
          "type, topic and instruction must be one line each but one of '"
              + type
              + "', '"
              + topic
              + "', '"
              + instruction
              + "' has several");
    }
  }

  /** What a line begins with that gives the instruction for a type and topic. */
  static String hint(String type, String topic) {
    return "[" + type + " / " + topic + "] ";
  }
}
