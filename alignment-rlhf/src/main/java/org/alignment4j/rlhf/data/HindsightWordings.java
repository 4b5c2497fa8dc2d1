package org.alignment4j.rlhf.data;

import java.util.List;
import org.alignment4j.rlhf.data.ChainOfHindsight.Markers;

/** Ways to say in English which answer is the good one. */
final class HindsightWordings {

  private HindsightWordings() {}

  static List<Markers> all() {
    return List.of(
        new Markers("\nA helpful answer:", "\nAn unhelpful answer:"),
        new Markers("\nA good answer:", "\nA bad answer:"),
        new Markers("\nThe better answer:", "\nThe worse answer:"),
        new Markers("\nAn answer people like:", "\nAn answer people dislike:"),
        new Markers("\nA careful answer:", "\nA careless answer:"),
        new Markers("\nAn answer of high quality:", "\nAn answer of low quality:"),
        new Markers("\nA preferred answer:", "\nA rejected answer:"),
        new Markers("\nHow one should answer:", "\nHow one should not answer:"),
        new Markers("\nAn answer with full marks:", "\nAn answer without marks:"),
        new Markers("\nSaid well:", "\nSaid badly:"),
        new Markers("\nWorth reading:", "\nNot worth reading:"),
        new Markers("\nThis answer was praised:", "\nThis answer was criticised:"));
  }
}
