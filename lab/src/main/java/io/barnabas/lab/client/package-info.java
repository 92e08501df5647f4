// SPDX-License-Identifier: Apache-2.0
/** Programs run as processes of their own with a stock client of a chosen generation on their class path. */
package io.barnabas.lab.client;
