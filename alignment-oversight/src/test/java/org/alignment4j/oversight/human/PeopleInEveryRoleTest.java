package org.alignment4j.oversight.human;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every role of every protocol, played by a person at a console and by one who answers in files.
 */
class PeopleInEveryRoleTest {
  @TempDir Path folder;

  static Stream<Role> all() {
    return Stream.of(
            DebateRoles.debates(),
            GroupRoles.forecasts(),
            GroupRoles.societies(),
            FeedbackRoles.constitutions(),
            FeedbackRoles.selfAlignment(),
            EvaluationRoles.decompositions(),
            EvaluationRoles.evaluations())
        .flatMap(roles -> roles);
  }

  @ParameterizedTest
  @MethodSource("all")
  void console(Role role) {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    Object outcome = role.protocol().apply(ScriptedPeople.typing(role.rule(), shown));
    assertThat(outcome).isEqualTo(role.outcome());
    assertThat(shown.size()).isPositive();
  }

  @ParameterizedTest
  @MethodSource("all")
  void files(Role role) {
    assertThat(ScriptedPeople.byFiles(folder, role.rule(), role.protocol()))
        .isEqualTo(role.outcome());
    assertThat(folder.resolve(FileOverseer.REQUESTS)).isNotEmptyFile();
  }
}
