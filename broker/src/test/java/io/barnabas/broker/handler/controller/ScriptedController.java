// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.controller;

import io.barnabas.coordination.controller.Controller;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A controller that answers what a test tells it to, and keeps what it was asked. */
final class ScriptedController {
    private final Map<String, Function<Object[], Object>> script = new HashMap<>();
    private final List<String> asked = new ArrayList<>();

    /** From now on a method answers this. */
    ScriptedController on(String method, Function<Object[], Object> answer) {
        script.put(method, answer);
        return this;
    }

    ScriptedController active(boolean active) {
        return on("isActive", arguments -> active);
    }

    /** Which methods were called, but for {@code isActive}. */
    List<String> asked() {
        return asked;
    }

    Controller controller() {
        return (Controller) Proxy.newProxyInstance(
                Controller.class.getClassLoader(), new Class<?>[] {Controller.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("isActive")) {
                        asked.add(method.getName());
                    }
                    return script.get(method.getName()).apply(arguments);
                });
    }
}
