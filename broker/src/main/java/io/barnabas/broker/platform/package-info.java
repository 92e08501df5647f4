// SPDX-License-Identifier: Apache-2.0
/**
 * What a broker takes from the machine it runs on: time, chance, threads, disk and connections. The only package whose
 * implementation reads the system's clock or makes threads; everything else gets them through its constructors.
 */
package io.barnabas.broker.platform;
