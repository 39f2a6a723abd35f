// SPDX-License-Identifier: BSD-2-Clause
// The daemon around the first two hosts: start, serve, stop.
#include "daemon.h"

#include <errno.h>
#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/agent/net-snmp-agent-includes.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "../log.h"
#include "agent.h"
#include "agentx.h"
#include "configuration.h"
#include "loop.h"
#include "standalone.h"

#define NAME "netmibd"

const char *
daemon_library_version(void)
{
	return netsnmp_get_version();
}

/* Whether a file can be read as a configuration; net-snmp would pass over it without a
 * word. */
static int
check_file(const char *path)
{
	struct stat status;

	if (stat(path, &status) < 0 || access(path, R_OK) < 0)
		return -errno;
	return S_ISDIR(status.st_mode) ? -EISDIR : 0;
}

/* Which files net-snmp reads, and what it does not do for a daemon of numbers. */
static int
prepare_library(const struct daemon_options *options)
{
	snmp_enable_stderrlog();
	/* No MIB files are parsed: this daemon knows its OIDs, and logs them as numbers. */
	setenv("MIBS", "", 1);
	netsnmp_ds_set_int(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_OID_OUTPUT_FORMAT,
	    NETSNMP_OID_OUTPUT_NUMERIC);
	if (options->file) {
		int error = check_file(options->file);

		if (error) {
			snmp_log(LOG_ERR, "%s: cannot read %s: %s\n", NAME, options->file,
			    strerror(-error));
			return error;
		}
		netsnmp_ds_set_string(
		    NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_OPTIONALCONFIG, options->file);
	}
	if (options->only_file)
		netsnmp_ds_set_boolean(
		    NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_READ_CONFIGS, 1);
	if (options->debug) {
		debug_register_tokens(options->debug);
		snmp_set_do_debugging(1);
	}
	return loop_prepare();
}

/* Starts the agent library in its role. */
static int
start_library(const struct daemon_options *options)
{
	if (options->listen)
		standalone_prepare(options->listen);
	else
		agentx_prepare(options->master);
	if (init_agent(NAME) != 0) {
		log_error("net-snmp's agent library does not start");
		return -EIO;
	}
	if (options->listen)
		return standalone_add_modules();
	agentx_take_over();
	return 0;
}

/* Reads the configuration, and opens the addresses it is to be reached at. */
static int
configure(const struct daemon_options *options)
{
	init_snmp(NAME);
	if (!configuration_is_good())
		return -EINVAL;
	return options->listen ? standalone_open() : 0;
}

/* Leaves the terminal, and stderr as the log. */
static int
go_to_background(void)
{
	if (netsnmp_daemonize(1, 0) < 0)
		return -EAGAIN;
	snmp_disable_stderrlog();
	snmp_enable_syslog_ident(NAME, LOG_DAEMON);
	return 0;
}

/* Serves until a signal comes. */
static int
serve(const struct daemon_options *options, struct agent *agent)
{
	int error = agent_start(agent);

	if (error)
		return error;
	if (!options->listen)
		agentx_start(agent);
	loop_run();
	if (!options->listen)
		agentx_stop();
	return 0;
}

int
daemon_run(const struct daemon_options *options)
{
	struct agent *agent;
	int error = prepare_library(options);

	if (error == 0)
		error = start_library(options);
	if (error)
		return error;
	/* Behind init_agent(), which says whose configuration it is. */
	agent = agent_new();
	if (!agent)
		return -ENOMEM;
	error = configure(options);
	if (error == 0 && !options->foreground)
		error = go_to_background();
	if (error == 0)
		error = serve(options, agent);
	agent_free(agent);
	snmp_shutdown(NAME);
	return error;
}
