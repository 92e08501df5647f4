// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.conversation;

import io.barnabas.lab.conversation.Differences.Difference;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where Barnabas means to answer otherwise than Kafka. Each has its line, with its reason, in docs/compatibility.md.
 */
final class MeantDifferences {
    private static final String ANY = ".*";

    static final List<Meant> ALL = List.of(
            meant("quotas: .*", ANY, "Client quotas and SCRAM credentials are kept, not yet served."),
            meant(
                    "belied: offsets with gaps.*",
                    ANY,
                    "A batch with gaps between the offsets of its records is refused with INVALID_RECORD."),
            meant(
                    "fetch: (all|unknown and known|as a debugger|old records|compressed for old readers).*"
                            + "|codecs: (before zstd|beside another partition|behind|old readers of).*",
                    ".*/records(/\\d+)?",
                    "Down-converted records are not filled up to the size they had."),
            meant(
                    "fetch: few bytes of a partition",
                    ".*/records",
                    "A reader of before Kafka 0.10.1 is told that its fetch size is too small."),
            meant("codecs: time in the next segment", ANY, "A search by time goes on in the next segment."),
            meant("fetch: negative bytes", ANY, "A negative fetch size is no size, not a server error."),
            meant("offsets: negative offsets", ANY, "A negative number of offsets is none, not a server error."),
            meant(
                    "configs: (do what|append unknown)",
                    ".*/error_(code|message)",
                    "A wrong change of a configuration is named, not a server error."),
            meant(
                    "configs: set another's loggers",
                    ".*/error_message",
                    "A broker asked for another's loggers names the one that was asked for."),
            meant(
                    "topics: (reassign .*|create twice on one broker)",
                    ".*/error_message",
                    "Messages show lists as Java does."),
            meant(
                    "topics: create without waiting",
                    ".*/topic_id",
                    "A topic that is not waited for is answered before it has an id."),
            meant(
                    "committed: commit twice",
                    "/topics/0/partitions",
                    "An offset committed to ZooKeeper twice in a request is answered once."));

    private MeantDifferences() {}

    /**
     * A kind of difference.
     *
     * @param question which chapters and lines
     * @param path which fields
     * @param reason as in the docs
     */
    record Meant(Pattern question, Pattern path, String reason) {
        boolean covers(Difference difference) {
            return question.matcher(difference.question()).matches()
                    && path.matcher(difference.path()).matches();
        }
    }

    private static Meant meant(String question, String path, String reason) {
        return new Meant(Pattern.compile(question), Pattern.compile(path), reason);
    }

    static boolean cover(Difference difference) {
        return ALL.stream().anyMatch(meant -> meant.covers(difference));
    }
}
