package org.alignment4j.oversight.call;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.alignment4j.core.judge.JudgeModel;
import org.alignment4j.core.judge.ModelJudge;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.OversightRun;
import org.alignment4j.oversight.Ruling;
import org.alignment4j.oversight.RunReport;
import org.alignment4j.oversight.ScriptedModel;
import org.alignment4j.oversight.agent.ModelAgent;
import org.alignment4j.oversight.debate.Debate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Collections such as {@code Map.of} have an order of their own in each process. */
class AcrossProcessesTest {

  @Test
  void anotherProcessAsksNobodyAgain(@TempDir Path folder) throws Exception {
    assertThat(run(folder)).isEqualTo("complete 2, asked 12\n");
    for (int process = 0; process < 2; process++) {
      assertThat(run(folder)).isEqualTo("complete 2, asked 0\n");
    }
  }

  private static String run(Path folder) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Debates.class.getName(),
                folder.resolve("calls.jsonl").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).isZero();
    return output.replace(System.lineSeparator(), "\n");
  }

  /** Debates two questions with calls kept in a file, and tells how many calls were made. */
  static final class Debates {
    public static void main(String[] args) {
      ScriptedModel debater = ScriptedModel.saying("<argument>It was who I say.</argument>");
      ScriptedModel judge = ScriptedModel.saying("[[A]]");
      try (RecordedCalls calls = RecordedCalls.open(Path.of(args[0]), Map.of("run", "debates"))) {
        ModelAgent agent = ModelAgent.of(calls.as("debater", debater));
        Debate debate =
            Debate.between(agent, agent)
                .judgedBy(ModelJudge.of(JudgeModel.of(calls.as("judge", judge))))
                .rounds(2)
                .judgedInBothOrders()
                .build();
        RunReport<ChoiceQuestion, Ruling> report =
            OversightRun.of("debate", debate, ChoiceQuestion::id)
                .seed(1)
                .run(List.of(question("lamp"), question("door")));
        int asked = debater.calls().size() + judge.calls().size();
        System.out.println("complete " + report.complete() + ", asked " + asked);
      }
    }

    private static ChoiceQuestion question(String thing) {
      return ChoiceQuestion.of(
          thing, "Who kept the " + thing + "?", List.of("Ada", "Ben"), 0, "Ada kept it for years.");
    }
  }
}
