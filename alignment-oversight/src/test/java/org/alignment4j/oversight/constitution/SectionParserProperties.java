package org.alignment4j.oversight.constitution;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.NotBlank;
import net.jqwik.api.constraints.StringLength;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;

class SectionParserProperties {

  @Property
  void sectionEndsAtTheNextTurn(@ForAll @AlphaChars @StringLength(min = 1, max = 40) String text) {
    for (String marker : new String[] {"Human:", "CritiqueRequest:", "RevisionRequest :"}) {
      Parsed<String> parsed =
          SectionParser.revision("")
              .parse(new Reply("Revision: " + text + "\n\n" + marker + " more", true));
      assertThat(parsed).isEqualTo(new Parsed.Value<>(text));
    }
  }

  @Property
  void whatIsReadIsNeverEmptyAndHasNoMarker(@ForAll @NotBlank String left, @ForAll String right) {
    Parsed<String> parsed =
        SectionParser.answer().parse(new Reply(left + "Critique: " + right, false));
    if (parsed instanceof Parsed.Value<String> value) {
      assertThat(value.value()).isNotBlank().doesNotContain("Critique:").doesNotContain("Human:");
    }
  }

  @Property
  void critiqueIsNotARevision(@ForAll @AlphaChars @StringLength(min = 1, max = 40) String text) {
    assertThat(SectionParser.revision("a " + text).parse(new Reply(" a\n" + text + " ", false)))
        .isInstanceOf(Parsed.Nothing.class);
  }
}
