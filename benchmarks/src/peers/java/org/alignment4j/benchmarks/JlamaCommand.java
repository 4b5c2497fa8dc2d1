package org.alignment4j.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How Jlama is run: on a newer virtual machine than this one, with its own class path, by a source
 * file, since this build's compiler cannot read its classes. Options are those of Jlama's launcher,
 * without assertions.
 *
 * @param java the newer virtual machine's command
 * @param libraries folder of Jlama's jars, which {@code jlama/pom.xml} fills
 * @param source {@code JlamaServer.java}
 */
record JlamaCommand(Path java, Path libraries, Path source) {

  private static final String OPERATIONS = "com.github.tjake.jlama.tensor.operations.Panama";

  /** Checks that everything is there. */
  JlamaCommand {
    if (!Files.isRegularFile(java) || !Files.isExecutable(java)) {
      throw new IllegalArgumentException(
          "Jlama needs a newer Java: give the path of its command 'java' as the first argument or"
              + " in JLAMA_JAVA; there is none at '"
              + java
              + "'");
    }
    if (!Files.isDirectory(libraries)) {
      throw new IllegalArgumentException(
          "Jlama's jars must be in "
              + libraries.toAbsolutePath()
              + "; run mvn -f benchmarks/jlama/pom.xml process-resources");
    }
    if (!Files.isRegularFile(source)) {
      throw new IllegalArgumentException(
          "JlamaServer.java must be at "
              + source.toAbsolutePath()
              + "; run this from the folder of the module benchmarks");
    }
  }

  /**
   * The command line that decodes so many tokens with the model in a folder.
   *
   * @param nativeKernels whether its kernels in C are used, instead of those in Java vectors
   */
  List<String> of(Path folder, int count, boolean nativeKernels) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.addAll(
        List.of(
            "-Xmx4g",
            "-XX:MaxDirectMemorySize=8g",
            "-Djlama.force_panama_tensor_operations=" + !nativeKernels,
            "-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "--add-modules=jdk.incubator.vector",
            "--add-opens=jdk.incubator.vector/jdk.incubator.vector=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--enable-preview",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+AlignVector",
            "-XX:CompileCommand=quiet",
            "-XX:CompileCommand=inline," + OPERATIONS + "TensorOperations::dotProduct*",
            "-XX:CompileCommand=inline," + OPERATIONS + "TensorOperations::quantize*",
            "-XX:CompileCommand=inline," + OPERATIONS + "TensorOperations*::mpack*",
            "-XX:CompileCommand=inline,com.github.tjake.jlama.tensor.AbstractTensor::getOffset*",
            "-XX:CompileCommand=inline,com.github.tjake.jlama.tensor.*::getVector*"));
    command.add("-classpath");
    try (Stream<Path> jars = Files.list(libraries)) {
      command.add(String.join(File.pathSeparator, jars.map(Path::toString).sorted().toList()));
    }
    command.add("--source");
    command.add(Integer.toString(version()));
    command.add(source.toString());
    command.add(folder.toString());
    command.add(Integer.toString(count));
    return command;
  }

  /** The newer virtual machine's feature release, which source files with preview must name. */
  private int version() throws IOException {
    try (ChildProcess asked = new ChildProcess(List.of(java.toString(), "--version"), Map.of())) {
      return Integer.parseInt(asked.answer().replaceFirst("^\\D*(\\d+).*$", "$1"));
    }
  }
}
