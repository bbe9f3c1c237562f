package tollgate.reports.chart;

import com.google.auto.service.AutoService;

/** A study's sweeps of one parameter, a figure for each workload. */
@AutoService(Chart.class)
public final class SweepCurves extends Sweeps {
    public SweepCurves() {
        super(/* isGrid */ false);
    }

    @Override
    public String name() {
        return "sweep-curve";
    }

    @Override
    public String title() {
        return "Sweep over one parameter";
    }

    @Override
    public String about() {
        return "A figure against one swept parameter, with intervals and where strategies change places (studies only).";
    }

    @Override
    public int place() {
        return 60;
    }
}
