// SPDX-License-Identifier: Apache-2.0
/** Classes that operators name in {@code server.properties}: policies, selectors, reporters. */
package io.barnabas.broker.plugin;
