// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.barnabas.coordination.event.EventSink;
import io.barnabas.replica.log.AppendOrigin;
import io.barnabas.replica.log.Batches;
import io.barnabas.replica.log.DiskFullException;
import io.barnabas.replica.log.LogConfig;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskSpaceTest {
    private static final Path DIR = Path.of("/data/logs");

    private long usable = 1_500;
    private final DiskSpace room = new DiskSpace(DIR, 1_000, () -> usable, EventSink.NONE);

    @Test
    void refusesTheAppendThatWouldTouchTheReserveAndTakesNoneAfterIt() {
        room.look();

        room.claim(300);
        room.claim(200);
        assertThatThrownBy(() -> room.claim(1))
                .isInstanceOf(DiskFullException.class)
                .hasMessageContaining(DIR.toString());
        assertThat(room.isFull()).isTrue();
    }

    @Test
    void takesRecordsAgainOnlyWhenAQuarterMoreThanTheReserveIsFree() {
        usable = 900;
        room.look();
        assertThat(room.isFull()).isTrue();

        usable = 1_249;
        room.look();
        assertThatThrownBy(() -> room.claim(1)).isInstanceOf(DiskFullException.class);

        usable = 1_250;
        room.look();
        assertThatCode(() -> room.claim(250)).doesNotThrowAnyException();
        assertThatThrownBy(() -> room.claim(1)).isInstanceOf(DiskFullException.class);
    }

    @Test
    void countsFromTheLastLookOn() {
        room.look();
        room.claim(500);
        usable = 2_000;

        room.look();

        assertThatCode(() -> room.claim(1_000)).doesNotThrowAnyException();
    }

    @Test
    void limitsNothingWithoutAReserve() {
        DiskSpace none = new DiskSpace(DIR, 0, () -> 0, EventSink.NONE);
        none.look();

        assertThatCode(() -> none.claim(Integer.MAX_VALUE)).doesNotThrowAnyException();
        assertThat(none.isFull()).isFalse();
    }

    @Test
    void isFullWhenTheVolumeRefusesAWriteAlthoughItShouldHaveRoom() {
        room.look();
        IOException refused = new IOException("No space left on device");

        assertThat(room.isExhausted(refused)).isTrue();
        assertThat(room.isFull()).isTrue();
        assertThatThrownBy(() -> room.claim(1)).isInstanceOf(DiskFullException.class);
    }

    @Test
    void isNotExhaustedByOtherErrorsNorWithoutAReserve() {
        assertThat(room.isExhausted(new IOException("Input/output error"))).isFalse();
        assertThat(room.isFull()).isFalse();
        assertThat(new DiskSpace(DIR, 0, () -> 0, EventSink.NONE)
                        .isExhausted(new IOException("No space left on device")))
                .isFalse();
        assertThat(room.isExhausted(new IOException("Disk quota exceeded"))).isTrue();
        assertThat(room.isFull()).isTrue();
    }

    @Test
    void isNoAnswerToOtherErrorsOfTheDisk() {
        assertThat(DiskSpace.isNoSpace(new IOException("Input/output error"))).isFalse();
        assertThat(DiskSpace.isNoSpace(new IOException((String) null))).isFalse();
    }

    @Test
    void aLogWithoutRoomKeepsItsStateItsDirectoryAndItsReadersAndGoesOnLater(@TempDir Path dir) {
        LogConfig config = LogConfig.builder().segmentBytes(10_000).build();
        usable = 2_000;
        try (TestLogs logs = new TestLogs(dir)) {
            logs.room = room;
            LocalPartitionLog log = logs.open(config, true, 0L);
            room.look();
            log.appendAsLeader(Batches.plain(2, 1L), 3, AppendOrigin.CLIENT);
            long end = log.logEndOffset();
            usable = 0;
            room.look();

            assertThatThrownBy(() -> log.appendAsLeader(Batches.plain(2, 2L), 3, AppendOrigin.CLIENT))
                    .isInstanceOf(DiskFullException.class);
            assertThat(log.logEndOffset()).isEqualTo(end);
            assertThat(TestLogs.values(log, 0L)).hasSize(2);
            assertThat(logs.failures).isEmpty();

            usable = 2_000;
            room.look();
            assertThat(log.appendAsLeader(Batches.plain(2, 2L), 3, AppendOrigin.CLIENT)
                            .firstOffset())
                    .isEqualTo(end);
        }
    }
}
