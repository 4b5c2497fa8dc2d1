package org.alignment4j.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file beyond 2 GiB, sparse on disk. */
@Tag("slow")
class LargeFileTest {

  private static final long BIG = 3L << 29;

  @TempDir Path folder;

  @Test
  void readsTensorsBehindTwoGibibytes() throws IOException {
    Path path = folder.resolve("large.safetensors");
    String header =
        ("{'a':{'dtype':'F32','shape':[%1$s],'data_offsets':[0,%2$s]},"
                + "'b':{'dtype':'F32','shape':[%1$s],'data_offsets':[%2$s,%3$s]},"
                + "'c':{'dtype':'F32','shape':[1],'data_offsets':[%3$s,%4$s]}}")
            .formatted(BIG / 4, BIG, 2 * BIG, 2 * BIG + 4)
            .replace('\'', '"');
    byte[] start = TestFiles.safetensors(header, new byte[0]);
    try (FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      channel.write(ByteBuffer.wrap(start));
      ByteBuffer last = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      last.putFloat(2.5f).putFloat(7.5f).flip();
      channel.write(last, start.length + 2 * BIG - 4);
    }

    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      WeightTensor b = file.read("b");
      assertThat(b.data().get(b.size() - 1)).isEqualTo(2.5f);
      assertThat(b.data().get(0)).isZero();
      assertThat(TestFiles.values(file.read("c"))).containsExactly(7.5f);
    }
  }
}
