// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.broker.protocol.LivenessCodec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.RecordVersion;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.junit.jupiter.api.Test;

class ApiVersionsHandlerTest {
    private final ApiVersionsHandler handler = new ApiVersionsHandler(RecordVersion.V2, true, () -> 7L);

    private ApiVersionsResponse ask(ApiVersionsHandler asked, ApiVersionsRequest request) {
        return (ApiVersionsResponse) asked.handle(request, Contexts.of(request))
                .toCompletableFuture()
                .join();
    }

    private static ApiVersionsRequest request(int version, String name, String softwareVersion) {
        return new ApiVersionsRequest(
                new ApiVersionsRequestData().setClientSoftwareName(name).setClientSoftwareVersion(softwareVersion),
                (short) version);
    }

    @Test
    void advertisesExactlyWhatKafkaDoes() throws IOException {
        List<String> shown = ask(handler, request(3, "a", "1")).data().apiKeys().stream()
                .map(ApiVersionsHandlerTest::show)
                .toList();
        assertThat(shown).containsExactlyInAnyOrderElementsOf(reference());
    }

    private static String show(ApiVersion api) {
        String range = api.minVersion() == api.maxVersion()
                ? "" + api.minVersion()
                : api.minVersion() + " to " + api.maxVersion();
        return ApiKeys.forId(api.apiKey()).name + "(" + api.apiKey() + "): " + range;
    }

    private static List<String> reference() throws IOException {
        try (InputStream in = ApiVersionsHandlerTest.class.getResourceAsStream("api-versions-kafka-3.9.2.txt")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().filter(line -> !line.startsWith("#")).toList();
        }
    }

    @Test
    void featuresAreThoseOfZooKeeperMode() {
        ApiVersionsResponse answer = ask(handler, request(4, "a", "1"));
        assertThat(answer.data().supportedFeatures()).isEmpty();
        assertThat(answer.data().finalizedFeatures()).isEmpty();
        assertThat(answer.data().finalizedFeaturesEpoch()).isEqualTo(7);
        assertThat(answer.data().zkMigrationReady()).isFalse();
    }

    @Test
    void tellsObserversThatItIsOneAndNobodyElse() {
        assertThat(LivenessCodec.isObserver(ask(handler, LivenessCodec.probe())))
                .isTrue();
        assertThat(LivenessCodec.isObserver(ask(handler, request(3, "a", "1")))).isFalse();
        ApiVersionsHandler without = new ApiVersionsHandler(RecordVersion.V2, false, () -> 7L);
        assertThat(LivenessCodec.isObserver(ask(without, LivenessCodec.probe())))
                .isFalse();
    }

    @Test
    void softwareNameMustBeWellFormed() {
        assertThat(ask(handler, request(3, "", "1")).data().errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(ask(handler, request(3, "a b", "1")).data().errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(ask(handler, request(2, "", "")).data().errorCode()).isEqualTo(Errors.NONE.code());
    }

    @Test
    void tooNewVersionIsToldWhichThereAre() {
        ApiVersionsRequest request = new ApiVersionsRequest(new ApiVersionsRequestData(), (short) 0, (short) 99);
        ApiVersionsResponse answer = ask(handler, request);
        assertThat(answer.data().errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
        assertThat(answer.data().apiKeys()).extracting(ApiVersion::apiKey).containsExactly(ApiKeys.API_VERSIONS.id);
    }

    @Test
    void oldRecordFormatHidesApisThatNeedTheNewOne() {
        ApiVersionsHandler old = new ApiVersionsHandler(RecordVersion.V1, false, () -> -1L);
        ApiVersionsResponse answer = ask(old, request(3, "a", "1"));
        assertThat(answer.apiVersion(ApiKeys.ADD_PARTITIONS_TO_TXN.id)).isNull();
        assertThat(answer.apiVersion(ApiKeys.PRODUCE.id)).isNotNull();
    }
}
